'use client'

import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'

/** One item of an import with everything that is known of it. Its script comes after the page. */
export const ItemDialog = dialogPart(
  async () => (await import('./item-dialog.tsx')).ItemDialog,
  ({ onClose }) => onClose(),
)
