'use client'

import { memo } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { textBlocks } from './text-blocks.ts'

/** What a model wrote, as it is: lines wrap, nothing in it is taken for markup. A mark shows where it goes on. */
export function StreamedText({ text, isOpen = false }: { text: string; isOpen?: boolean }) {
  const blocks = textBlocks(text)
  return (
    <div
      data-answer=""
      className="whitespace-pre-wrap text-[0.9375rem] leading-[1.65] [overflow-wrap:anywhere]"
    >
      {blocks.map((block, index) => (
        // A block has no other identity than its place in a text that only grows.
        <Block key={index} text={block} isOpen={isOpen && index === blocks.length - 1} />
      ))}
    </div>
  )
}

const Block = memo(function Block({ text, isOpen }: { text: string; isOpen: boolean }) {
  return (
    <div className={classNames(text === '' && 'min-h-[1.65em]')}>
      {text}
      {isOpen && (
        <span
          aria-hidden="true"
          className="pulse-quietly ml-0.5 inline-block h-[1.1em] w-[0.45em] rounded-xs bg-rubric align-text-bottom print:hidden"
        />
      )}
    </div>
  )
})
