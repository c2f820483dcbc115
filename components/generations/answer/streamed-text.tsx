'use client'

import { memo } from 'react'
import { classNames } from '#components/ui/class-names.ts'

/** The text of a model, as it is: lines wrap, nothing in it is taken for markup. A mark shows where it goes on. */
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

/** About so many characters stand in one block of a long text. */
export const BLOCK = 4_000

/**
 * A text in blocks of whole lines. A text that grows keeps all its blocks but the last, so that a page lays out
 * only that one anew. Joined with line ends they are the text.
 */
export function textBlocks(text: string): string[] {
  const blocks: string[] = []
  let start = 0
  for (;;) {
    const end = text.indexOf('\n', start + BLOCK)
    if (end < 0) break
    blocks.push(text.slice(start, end))
    start = end + 1
  }
  blocks.push(text.slice(start))
  return blocks
}
