'use client'

import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'

/** Asks before something is done, and tells why it was not. Its script comes after the page. */
export const QuestionDialog = dialogPart(
  async () => (await import('./question-panel.tsx')).QuestionPanel,
  ({ onClose }) => onClose(),
)
