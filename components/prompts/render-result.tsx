'use client'

import { Braces, Check, ChevronDown, Copy, Plug, Terminal } from 'lucide-react'
import type { Ref } from 'react'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { Menu, MenuItem } from '#components/ui/menu.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useCopy } from '#components/ui/use-copy.ts'
import type { Json } from '#lib/prompts/content/json.ts'
import { type CallTarget, toCurl, toMcpCall } from './calls.ts'
import { Messages } from './message-parts.tsx'
import type { Outcome } from './template-engine.ts'

interface RenderResultProps {
  outcome: Outcome | undefined
  target: CallTarget
  values: Record<string, Json>
  isChat: boolean
  onGoTo: (variable: string) => void
  copyButton: Ref<HTMLButtonElement>
}

/** What the prompt became, or what is still needed; and the ways to take it along. */
export function RenderResult({ outcome, target, values, isChat, onGoTo, copyButton }: RenderResultProps) {
  const rendered = outcome?.state === 'rendered' ? outcome : undefined
  return (
    <section aria-labelledby="result-heading" className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="mb-3 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="result-heading" className="font-serif text-xl">
          Result
        </h2>
        <p className="text-ink-faint text-xs tabular-nums">
          {rendered && counted(rendered.content.length, 'character')}
        </p>
        <div className="ml-auto">
          <CopyResult outcome={rendered} target={target} values={values} copyButton={copyButton} />
        </div>
      </div>
      <ScrollRegion
        name="Rendered text"
        className="min-h-40 rounded-xl border border-line bg-surface px-4 py-5 sm:px-6 roomy:overflow-y-auto"
      >
        <Shown outcome={outcome} isChat={isChat} onGoTo={onGoTo} />
      </ScrollRegion>
    </section>
  )
}

function Shown({ outcome, isChat, onGoTo }: Pick<RenderResultProps, 'outcome' | 'isChat' | 'onGoTo'>) {
  if (outcome === undefined)
    return (
      <div className="flex flex-col gap-3" aria-busy="true">
        <Skeleton className="h-4 w-4/5" />
        <Skeleton className="h-4 w-3/5" />
        <Skeleton className="h-4 w-2/3" />
      </div>
    )
  if (outcome.state === 'failed')
    return (
      <p role="alert" className="text-sm">
        <strong className="font-medium text-rubric">It cannot be rendered. </strong>
        {outcome.message}
      </p>
    )
  if (outcome.state === 'incomplete') return <StillNeeded outcome={outcome} onGoTo={onGoTo} />
  if (isChat) return <Messages messages={outcome.messages} renderText={renderedText} />
  return renderedText(outcome.content)
}

function renderedText(text: string) {
  return (
    <pre data-rendered="" className="whitespace-pre-wrap break-words font-mono text-sm leading-[1.7]">
      {text}
    </pre>
  )
}

function StillNeeded({
  outcome: { missing, wrong },
  onGoTo,
}: {
  outcome: Extract<Outcome, { state: 'incomplete' }>
  onGoTo: (variable: string) => void
}) {
  const names = [...missing, ...wrong.map(({ path }) => String(path[1]))]
  const what = missing.length > 0 ? counted(missing.length, 'required value') : counted(wrong.length, 'value')
  return (
    <div className="text-ink-soft text-sm">
      <p>
        {what} {names.length === 1 ? 'is' : 'are'} {missing.length > 0 ? 'missing' : 'not right yet'}:
      </p>
      <ul className="mt-2 flex flex-wrap gap-2">
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => onGoTo(name)}
              className="min-h-7 rounded bg-rubric-wash px-2 font-mono text-rubric text-xs hover:underline"
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function CopyResult({
  outcome,
  target,
  values,
  copyButton,
}: {
  outcome: Extract<Outcome, { state: 'rendered' }> | undefined
  target: CallTarget
  values: Record<string, Json>
  copyButton: Ref<HTMLButtonElement>
}) {
  const { copied, copy } = useCopy()
  const ways: Record<string, () => string> = {
    json: () => JSON.stringify({ content: outcome?.content, messages: outcome?.messages }, null, 2),
    curl: () => toCurl(location.origin, target, values),
    mcp: () => toMcpCall(target, values),
  }
  const Icon = copied ? Check : Copy
  return (
    <div className="flex gap-1">
      <Button
        ref={copyButton}
        look="primary"
        isDisabled={outcome === undefined}
        aria-keyshortcuts="Control+Enter"
        onPress={() => copy(outcome?.content ?? '')}
      >
        <Icon aria-hidden="true" />
        {copied ? 'Copied' : 'Copy text'}
      </Button>
      <Menu
        aria-label="Copy as"
        onAction={(way) => copy(ways[String(way)]?.() ?? '')}
        disabledKeys={outcome === undefined ? ['json'] : []}
        trigger={
          <Button look="outline" aria-label="Copy as …">
            as
            <ChevronDown aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem id="json" textValue="JSON">
          <Braces aria-hidden="true" />
          JSON
        </MenuItem>
        <MenuItem id="curl" textValue="curl">
          <Terminal aria-hidden="true" />
          curl
        </MenuItem>
        <MenuItem id="mcp" textValue="MCP call">
          <Plug aria-hidden="true" />
          MCP call
        </MenuItem>
      </Menu>
      <output className="sr-only">{copied ? 'Copied' : ''}</output>
    </div>
  )
}
