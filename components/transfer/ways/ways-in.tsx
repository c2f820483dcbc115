'use client'

import { useState } from 'react'
import { Segments } from '#components/ui/segments.tsx'
import type { Import } from '../plan/use-import.ts'
import { LangfuseForm, McpForm } from './address-forms.tsx'
import { DropArea } from './drop-area.tsx'
import { type PastedText, PasteForm, pastedText } from './paste-form.tsx'

export type Way = 'files' | 'paste' | 'langfuse' | 'mcp'

const WAYS: { id: Way; label: string }[] = [
  { id: 'files', label: 'Files' },
  { id: 'paste', label: 'Paste' },
  { id: 'langfuse', label: 'Langfuse' },
  { id: 'mcp', label: 'MCP server' },
]

/** Which way is open, and what was pasted so far: it stays while another way is looked at. */
export function useWays() {
  const [way, setWay] = useState<Way>('files')
  const [texts, setTexts] = useState<PastedText[]>(() => [pastedText()])
  return {
    way,
    setWay,
    texts,
    setTexts,
    /** Takes a text that was pasted somewhere on the page. */
    takeText: (text: string) => {
      setWay('paste')
      setTexts((now) => [...now.filter((each) => each.text.trim() !== ''), pastedText(text)])
    },
    clearTexts: () => setTexts([pastedText()]),
  }
}

/** The ways in which prompts come in. Ways that were looked at keep what was typed. */
export function WaysIn({ now, ways }: { now: Import; ways: ReturnType<typeof useWays> }) {
  const { way, setWay, texts, setTexts } = ways
  return (
    <section aria-label="What to import" className="flex flex-col gap-5">
      <div>
        <Segments
          name="Where the prompts come from"
          segments={WAYS}
          value={way}
          onChange={(id) => setWay(WAYS.find((each) => each.id === id)?.id ?? 'files')}
        />
      </div>
      <div hidden={way !== 'files'}>
        <DropArea
          limits={now.limits}
          isReading={now.isReading}
          onFound={(found) => void now.addFound(found)}
        />
      </div>
      <div hidden={way !== 'paste'}>
        <PasteForm texts={texts} onChange={setTexts} onBring={now.addTexts} />
      </div>
      <div hidden={way !== 'langfuse'}>
        <LangfuseForm onFetch={now.fetchFrom} />
      </div>
      <div hidden={way !== 'mcp'}>
        <McpForm onFetch={now.fetchFrom} />
      </div>
    </section>
  )
}
