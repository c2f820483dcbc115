'use client'

import { ArrowUpToLine, FileDiff, GitCompareArrows, RotateCcw, Tag, Undo2 } from 'lucide-react'
import Link from 'next/link'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { VersionSummary } from '#lib/prompts/schema.ts'
import { versionHref } from '../version-badges.tsx'
import type { VersionTask } from './version-dialogs.tsx'

interface VersionRowProps {
  name: string
  item: VersionSummary
  isNewest: boolean
  isPicked: boolean
  /** The version that agents get; undefined when none. */
  production: number | undefined
  now: number
  onPick: (version: number) => void
  onTask: (task: VersionTask) => void
}

/** One version of the time line: its facts and its actions. */
export function VersionRow(props: VersionRowProps) {
  const { name, item, isNewest, isPicked, now } = props
  const { labels, message, author, redacted_at: redacted } = item
  const isReleased = labels.includes(PRODUCTION)
  return (
    <li
      className={classNames(
        'relative border-line border-b py-3 pl-7 before:absolute before:top-0 before:bottom-0 before:left-[5px] before:w-px before:bg-line first:before:top-5 last:before:bottom-auto last:before:h-5',
        isPicked && 'bg-lapis-wash',
      )}
    >
      <span
        aria-hidden="true"
        className={classNames(
          'absolute top-[1.1rem] left-0 size-[11px] rounded-full border-2',
          isReleased ? 'border-rubric bg-rubric' : 'border-line-strong bg-paper',
        )}
      />
      <RowHead name={name} item={item} isNewest={isNewest} now={now} />
      <div className="mt-1 flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
        <div className="min-w-0 max-w-[80ch] flex-1 basis-64 py-1">
          <p className="text-pretty text-sm [overflow-wrap:anywhere]">
            {message || <span className="text-ink-faint">No message</span>}
            <span className="text-ink-faint"> · {author.display}</span>
          </p>
          {redacted && <p className="mt-1 text-ink-faint text-xs">The text of this version was erased.</p>}
        </div>
        <RowActions {...props} />
      </div>
    </li>
  )
}

function RowHead({
  name,
  item: { version, labels, created_at: at },
  isNewest,
  now,
}: Pick<VersionRowProps, 'name' | 'item' | 'isNewest' | 'now'>) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <h3>
        <Link
          href={versionHref(name, { version })}
          prefetch={false}
          className="rounded font-medium font-mono text-sm underline-offset-4 hover:text-rubric hover:underline"
        >
          v{version}
        </Link>
      </h3>
      {labels.map((label) => (
        <Badge key={label} tone={label === PRODUCTION ? 'rubric' : 'lapis'}>
          {label}
        </Badge>
      ))}
      {isNewest && <Badge>latest</Badge>}
      <p className="text-ink-faint text-xs sm:ml-auto">
        <time dateTime={at}>{formatMoment(at)}</time> · {formatAgo(at, now)}
      </p>
    </div>
  )
}

function RowActions({ item, isNewest, isPicked, production, onPick, onTask }: VersionRowProps) {
  const { version, labels, redacted_at: redacted } = item
  const isReleased = labels.includes(PRODUCTION)
  const [write, release] = [useReasonAgainst('prompts:write'), useReasonAgainst('prompts:release')]
  return (
    <div className="-mx-2 flex flex-wrap gap-1">
      {!isReleased && !redacted && (
        <PromoteButton
          version={version}
          reason={release && write}
          isBack={production !== undefined && version < production}
          onPress={() => onTask({ kind: 'promote', version })}
        />
      )}
      {version > 1 && (
        <Link
          href={`?from=${version - 1}&to=${version}`}
          prefetch={false}
          aria-label={`Changes of version ${version}`}
          className={classNames(
            buttonClass('quiet'),
            'h-7 px-2 text-xs max-sm:[&_svg]:hidden [&_svg]:size-3.5',
          )}
        >
          <FileDiff aria-hidden="true" />
          Changes
        </Link>
      )}
      <RowButton
        name={`Compare version ${version}`}
        isPressed={isPicked}
        onPress={() => onPick(version)}
        icon={<GitCompareArrows aria-hidden="true" />}
      >
        Compare
      </RowButton>
      {!isNewest && !redacted && (
        <RowButton
          name={`Restore version ${version}`}
          reason={write}
          onPress={() => onTask({ kind: 'restore', version })}
          icon={<RotateCcw aria-hidden="true" />}
        >
          Restore
        </RowButton>
      )}
      <RowButton
        name={`Label version ${version}`}
        reason={release && write}
        onPress={() => onTask({ kind: 'label', version })}
        icon={<Tag aria-hidden="true" />}
      >
        Label
      </RowButton>
    </div>
  )
}

/** Moves production forth, or back to an older version. */
function PromoteButton({
  version,
  isBack,
  reason,
  onPress,
}: {
  version: number
  reason: string | undefined
  isBack: boolean
  onPress: () => void
}) {
  return isBack ? (
    <RowButton
      name={`Roll back production to this: version ${version}`}
      reason={reason}
      onPress={onPress}
      icon={<Undo2 aria-hidden="true" />}
    >
      Roll back production to this
    </RowButton>
  ) : (
    <RowButton
      name={`Promote version ${version}`}
      reason={reason}
      onPress={onPress}
      icon={<ArrowUpToLine aria-hidden="true" />}
    >
      Promote
    </RowButton>
  )
}

function RowButton({
  name,
  icon,
  isPressed,
  reason,
  onPress,
  children,
}: {
  name: string
  icon: React.ReactNode
  isPressed?: boolean
  reason?: string | undefined
  onPress: () => void
  children: React.ReactNode
}) {
  return (
    <Button
      look="quiet"
      aria-label={name}
      aria-pressed={isPressed}
      reason={reason}
      onPress={onPress}
      className="h-7 px-2 text-xs aria-pressed:bg-fill aria-pressed:text-on-fill max-sm:[&_svg]:hidden [&_svg]:size-3.5"
    >
      {icon}
      {children}
    </Button>
  )
}
