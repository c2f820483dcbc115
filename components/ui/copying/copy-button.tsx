'use client'

import { Check, Copy } from 'lucide-react'
import { Button } from '../button.tsx'
import type { ButtonLook } from '../button-class.ts'
import { useCopy } from './clipboard.ts'

/** Copies a text and says so. Without a visible label, `name` names the button. */
export function CopyButton({
  text,
  name,
  label,
  look = 'quiet',
}: {
  text: string | (() => string)
  name: string
  label?: string
  look?: ButtonLook
}) {
  const { copied, copy } = useCopy()
  const Icon = copied ? Check : Copy
  return (
    <>
      <Button
        look={look}
        square={label === undefined}
        aria-label={label === undefined ? name : undefined}
        onPress={() => copy(typeof text === 'string' ? text : text())}
      >
        <Icon aria-hidden="true" className={copied ? 'text-moss' : undefined} />
        {label}
      </Button>
      <output className="sr-only">{copied ? 'Copied' : ''}</output>
    </>
  )
}
