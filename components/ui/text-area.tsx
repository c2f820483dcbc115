'use client'

import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'
import { FIELD_CLASS } from './field.tsx'

/** A field for text of any length: one line at first, as tall as its text up to half a screen. */
export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={1}
      {...props}
      className={classNames(FIELD_CLASS, 'grow-with-text block max-h-60 min-h-9 resize-y py-1.75', className)}
    />
  )
}

/** A field for one line. */
export function TextInput({ className, ...props }: ComponentProps<'input'>) {
  return <input {...props} className={classNames(FIELD_CLASS, 'block h-9', className)} />
}
