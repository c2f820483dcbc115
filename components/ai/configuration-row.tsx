'use client'

import { Ellipsis, FlaskConical, Pencil, Trash2 } from 'lucide-react'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { counted, formatAgo, formatNumber } from '#components/ui/format.ts'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import { Switch } from '#components/ui/switch.tsx'
import type { AIConfiguration, CatalogueProvider } from '#lib/ai/schema.ts'
import type { ConfigurationHealth } from '#lib/generations/schema.ts'
import type { ConfigurationDialogState } from './configuration-board.tsx'
import { fallbacksOf, formatDollars, keyWords, type Quota, quotasOf } from './words.ts'

interface ConfigurationRowProps {
  configuration: AIConfiguration
  all: readonly AIConfiguration[]
  provider: CatalogueProvider | undefined
  /** How its last attempts went; undefined: it was never asked. */
  health: ConfigurationHealth | undefined
  now: number
  onOpen: (dialog: ConfigurationDialogState) => void
  onSwitch: (isActive: boolean) => void
}

/** One AI configuration: its model, its fallback, its spending and its actions. */
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

function Identity(props: ConfigurationRowProps) {
  const { configuration, all, provider, health, onOpen } = props
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
        {health?.isFailing === true && <Badge tone="rubric">failing</Badge>}
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
      <Health {...props} />
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

/** The last error and when it was; how many of the last day's attempts failed. */
function Health({ health, now }: Pick<ConfigurationRowProps, 'health' | 'now'>) {
  if (!health?.lastError) return null
  const { ended, failed, isFailing, lastError } = health
  return (
    <p className="mt-2 flex max-w-prose items-baseline gap-2 text-sm" data-volatile>
      <span
        aria-hidden="true"
        className={classNames('size-2 shrink-0 rounded-full', isFailing ? 'bg-rubric' : 'bg-moss')}
      />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {isFailing ? 'The last attempt failed' : 'The last attempt succeeded; one failed'}{' '}
        <time dateTime={lastError.at}>{formatAgo(lastError.at, now)}</time>: {lastError.message}
        {failed > 0 && (
          <span className="text-ink-faint">
            {' '}
            {formatNumber(failed)} of {counted(ended, 'attempt')} of the last day failed.
          </span>
        )}
      </span>
    </p>
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

/** From here on it is worth a look. */
const NEARLY = 0.9

/** How much of a quota is spent, as a text and as a bar. */
function QuotaBar({ quota }: { quota: Quota }) {
  const { name, used, allowed, text } = quota
  const share = allowed === 0 ? 1 : used / allowed
  const percent = Math.floor(share * 100)
  return (
    <div>
      <p className="flex justify-between gap-3 text-xs tabular-nums">
        <span>{text}</span>
        <span className={share >= NEARLY ? 'font-medium text-rubric' : 'text-ink-faint'}>
          {share >= 1 ? `${name} quota used up` : `${percent} %`}
        </span>
      </p>
      <div aria-hidden="true" className="mt-1 h-1.5 overflow-hidden rounded-full bg-hover">
        <div
          className={classNames('h-full rounded-full', share >= NEARLY ? 'bg-rubric' : 'bg-lapis')}
          style={{ width: `${Math.min(100, share * 100)}%` }}
        />
      </div>
    </div>
  )
}
