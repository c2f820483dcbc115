'use client'

import { Braces, Check, ChevronDown, Copy, Plug, Terminal } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { useCopy } from '#components/ui/copying/clipboard.ts'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import type { Json } from '#lib/liquid/json.ts'
import { type CallDraft, type CallTarget, toCurl, toDraftCurl, toMcpCall } from './calls.ts'
import type { Rendered } from './template-engine.ts'

/** The arguments of a call from elsewhere. */
export interface Calls {
  /** The saved version; undefined before the first save. */
  target: CallTarget | undefined
  /** The text as it stands, when it is not the saved one. */
  draft: CallDraft | undefined
  values: Record<string, Json>
}

/** Copies the result, or the call that gives it. */
export function CopyAs({ rendered, calls }: { rendered: Rendered | undefined; calls: Calls }) {
  const { copied, copy } = useCopy()
  const { target, draft, values } = calls
  const ways: Record<string, () => string> = {
    json: () => JSON.stringify(rendered?.messages ?? [], null, 2),
    curl: () => {
      if (draft) return toDraftCurl(location.origin, draft, values)
      return target ? toCurl(location.origin, target, values) : ''
    },
    mcp: () => (target ? toMcpCall(target, values) : ''),
  }
  const Icon = copied ? Check : Copy
  return (
    <fieldset aria-label="Copy the result" className="inline-flex min-w-0">
      <Button
        look="outline"
        isDisabled={rendered === undefined}
        onPress={() => copy(rendered?.content ?? '')}
        className="rounded-r-none"
      >
        <Icon aria-hidden="true" className={copied ? 'text-moss' : undefined} />
        {copied ? 'Copied' : 'Copy'}
      </Button>
      <Menu
        aria-label="Copy as"
        onAction={(way) => copy(ways[String(way)]?.() ?? '')}
        disabledKeys={[...(rendered ? [] : ['json']), ...(target ? [] : ['mcp'])]}
        trigger={
          <Button look="outline" aria-label="Copy as …" className="-ml-px rounded-l-none px-1.5">
            <ChevronDown aria-hidden="true" />
          </Button>
        }
      >
        <Way id="json" name="Messages as JSON" icon={<Braces aria-hidden="true" />} />
        <Way
          id="curl"
          name="curl"
          icon={<Terminal aria-hidden="true" />}
          hint={draft ? 'renders this draft' : undefined}
        />
        <Way
          id="mcp"
          name="MCP call"
          icon={<Plug aria-hidden="true" />}
          hint={draft && (target ? `${nameOf(target)}, without your changes` : 'once it is saved')}
        />
      </Menu>
      <output className="sr-only">{copied ? 'Copied' : ''}</output>
    </fieldset>
  )
}

function nameOf({ label, version }: CallTarget): string {
  return label ?? `version ${version}`
}

function Way({
  id,
  name,
  icon,
  hint,
}: {
  id: string
  name: string
  icon: ReactNode
  hint?: string | undefined
}) {
  return (
    <MenuItem id={id} textValue={name}>
      {icon}
      <span>
        {name}
        {hint && <span className="block text-ink-faint text-xs">{hint}</span>}
      </span>
    </MenuItem>
  )
}
