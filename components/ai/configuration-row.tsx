'use client'

import { Ellipsis, FlaskConical, Pencil, Trash2 } from 'lucide-react'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted, formatNumber } from '#components/ui/format.ts'
import { Menu, MenuItem } from '#components/ui/menu.tsx'
import { Switch } from '#components/ui/switch.tsx'
import type { AIConfiguration, CatalogueProvider } from '#lib/ai/schema.ts'
import type { ConfigurationDialogState } from './configuration-board.tsx'
import { QuotaBar } from './quota-bar.tsx'
import { fallbacksOf, formatDollars, keyWords, quotasOf } from './words.ts'

interface ConfigurationRowProps {
  configuration: AIConfiguration
  all: readonly AIConfiguration[]
  provider: CatalogueProvider | undefined
  onOpen: (dialog: ConfigurationDialogState) => void
  onSwitch: (isActive: boolean) => void
}

/** One AI configuration: what it is, whom it falls back to, what it spent, and what can be done with it. */
export function ConfigurationRow(props: ConfigurationRowProps) {
  const { configuration, onOpen, onSwitch } = props
  const { name, active } = configuration
  return (
    <li
      data-configuration={name}
      className="grid gap-x-8 gap-y-4 py-5 lg:grid-cols-[minmax(0,1fr)_17rem_auto]"
    >
      <Identity {...props} />
      <Spending configuration={configuration} />
      <div className="flex items-start gap-1 lg:justify-end">
        <Switch isOn={active} aria-label={`${name} is active`} onChange={onSwitch}>
          <span aria-hidden="true" className="w-7 text-left text-ink-soft">
            {active ? 'On' : 'Off'}
          </span>
        </Switch>
        <Button aria-label={`Test ${name}`} onPress={() => onOpen({ kind: 'test', configuration })}>
          <FlaskConical aria-hidden="true" />
          Test
        </Button>
        <Menu
          aria-label={`Actions for ${name}`}
          onAction={(key) => {
            if (key === 'edit' || key === 'delete') onOpen({ kind: key, configuration })
          }}
          trigger={
            <Button look="quiet" square aria-label={`Actions for ${name}`}>
              <Ellipsis aria-hidden="true" />
            </Button>
          }
        >
          <MenuItem id="edit" textValue="Edit…">
            <Pencil aria-hidden="true" />
            Edit…
          </MenuItem>
          <MenuItem id="delete" textValue="Delete…">
            <Trash2 aria-hidden="true" />
            Delete…
          </MenuItem>
        </Menu>
      </div>
    </li>
  )
}

function Identity({ configuration, all, provider, onOpen }: ConfigurationRowProps) {
  const { name, model, key, base_url: address } = configuration
  const fallbacks = fallbacksOf(configuration, all)
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 font-serif text-[1.3125rem] leading-7">
          <button
            type="button"
            onClick={() => onOpen({ kind: 'edit', configuration })}
            className="rounded text-left outline-offset-4 [overflow-wrap:anywhere] hover:text-rubric"
          >
            {name}
          </button>
        </h3>
        <Badge>{provider?.title ?? configuration.provider}</Badge>
        {key === 'missing' && <Badge tone="rubric">{keyWords(configuration)}</Badge>}
      </div>
      <p className="mt-1 break-all font-mono text-ink-soft text-sm">
        {model}
        {address && <span className="text-ink-faint"> at {address}</span>}
      </p>
      <p className="mt-1 text-ink-faint text-xs">
        {key !== 'missing' && <span>{keyWords(configuration)}</span>}
        {key === 'missing' && <span>It cannot be asked without a key.</span>}
        {fallbacks.length > 0 && (
          <span>
            {' · Falls back to '}
            {fallbacks.map((each) => (each.active ? each.name : `${each.name} (off)`)).join(', then ')}
          </span>
        )}
      </p>
      {provider?.note && <p className="mt-2 max-w-prose text-ink-soft text-sm">{provider.note}</p>}
      {provider === undefined && (
        <p className="mt-2 text-rubric text-sm">
          {configuration.provider === 'echo'
            ? 'The echo provider is switched off here, so this cannot be used. It is on by itself only where nobody else can reach the server; ai.echo in the configuration file switches it on.'
            : 'This provider is switched off or no longer there, so this cannot be used.'}
        </p>
      )}
    </div>
  )
}

function Spending({ configuration }: { configuration: AIConfiguration }) {
  const { this_month: spent, input_price_per_million: price } = configuration
  const quotas = quotasOf(configuration)
  const facts = [
    counted(spent.requests, 'request'),
    `${formatNumber(spent.tokens)} tokens`,
    ...(price === null ? [] : [formatDollars(spent.cost)]),
  ]
  return (
    <div className="flex flex-col gap-2.5" data-volatile>
      <p className="text-ink-soft text-xs tabular-nums">
        <span className="text-ink-faint">This month: </span>
        {spent.requests === 0 && spent.tokens === 0 ? 'not used' : facts.join(' · ')}
      </p>
      {quotas.map((quota) => (
        <QuotaBar key={quota.name} quota={quota} />
      ))}
    </div>
  )
}
