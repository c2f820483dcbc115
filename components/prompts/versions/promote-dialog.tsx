'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import { fieldsOf } from '#components/changes/version-fields.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { PromptVersion } from '#lib/prompts/schema.ts'
import { BlastRadiusNotice, useBlastRadius } from './blast-radius.tsx'
import { failureText } from './change-failure.ts'
import { FieldDiffs } from './field-diffs.tsx'
import { labelsQuery, versionQuery } from './queries.ts'
import { compareFields, compareIncludes } from './shown-fields.ts'
import { useMoveLabel } from './use-move-label.ts'

/** Labels that are offered even before a version has them. */
const USUAL = [PRODUCTION, 'staging']

/** Compares the version that a label names with the one that it would name, and moves the label. */
export function PromoteDialog({
  name,
  version: number,
  onClose,
}: {
  name: string
  version: number
  onClose: () => void
}) {
  const [label, setLabel] = useState(PRODUCTION)
  const { labels, current, next, names, now, failure, radius, promote } = usePromotion(name, number, label)
  const isBack = now !== undefined && number < now
  const run = () => {
    // The move shows at once behind the dialog; a toast tells its failure.
    if (promote()) onClose()
  }
  return (
    <Dialog
      title={isBack ? `Roll back ${label} to version ${number}` : `Promote version ${number} to ${label}`}
      isOpen
      isWide
      onOpenChange={onClose}
    >
      {failure ? (
        <p className="text-rubric text-sm">{failureText(failure)}</p>
      ) : !labels.data || !current.data || !next.data ? (
        <Skeleton className="h-48" />
      ) : (
        <>
          <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
            <Select
              aria-label="Label"
              className="w-40 [&_button]:h-8"
              choices={names.map((each) => ({ id: each, label: each }))}
              value={label}
              onChange={setLabel}
            />
            <p className="min-w-0 flex-1 basis-64 text-ink-soft">{consequence(label, now, number)}</p>
          </div>
          {label === PRODUCTION && <Protected />}
          <BlastRadiusNotice radius={radius} label={label} />
          <Difference from={now === undefined ? undefined : current.data} to={next.data} label={label} />
        </>
      )}
      <div className="sticky bottom-0 -mx-5 -mb-5 mt-5 flex flex-wrap justify-end gap-2 border-line border-t bg-surface px-5 py-4">
        <Button look="outline" onPress={onClose}>
          Cancel
        </Button>
        <Button
          look="primary"
          onPress={run}
          isDisabled={!labels.data || now === number || labels.isFetching || radius.isHeld}
        >
          {isBack ? `Roll back ${label}` : `Promote to ${label}`}
        </Button>
      </div>
    </Dialog>
  )
}

/** Tells whoever may not release so before they try. */
function Protected() {
  const release = useReasonAgainst('prompts:release')
  return (
    release && (
      <p className="mb-4 rounded-lg bg-rubric-wash px-4 py-2 text-sm">
        {PRODUCTION} is protected. {release} Promoting it tells you whom to ask.
      </p>
    )
  )
}

/** The version that a label names now, the one that it is to name, and the move from one to the other. */
function usePromotion(name: string, number: number, label: string) {
  const labels = useQuery({ ...labelsQuery(name), staleTime: 0 })
  const states = labels.data?.items ?? []
  const now = states.find((state) => state.label === label)?.version
  const current = useQuery({ ...versionQuery(name, now ?? number), enabled: labels.data !== undefined })
  const next = useQuery(versionQuery(name, number))
  const move = useMoveLabel(name)
  const radius = useBlastRadius(name, now === undefined ? undefined : { label, from: now, to: number })
  const promote = (): boolean => {
    if (!labels.data) return false
    move.mutate({ label, version: number, etag: labels.data.etag, accepts: radius.isAccepted })
    return true
  }
  const names = [...new Set([...USUAL, ...states.map((state) => state.label)])]
  return {
    labels,
    current,
    next,
    names,
    now,
    failure: labels.error ?? current.error ?? next.error,
    radius,
    promote,
  }
}

function consequence(label: string, from: number | undefined, to: number): string {
  const callers = label === PRODUCTION ? 'Agents' : `Callers of ${label}`
  if (from === undefined) return `${label} names no version yet. ${callers} get version ${to} from then on.`
  if (from === to) return `${label} names version ${to} already.`
  return `${callers} get version ${to} instead of version ${from} from then on. It can be undone.`
}

/** The version that the label names now beside the one that it would name. */
function Difference({
  from,
  to,
  label,
}: {
  from: PromptVersion | undefined
  to: PromptVersion
  label: string
}) {
  const compared = useMemo(() => {
    if (from === undefined || from.version === to.version) return undefined
    const { fields, leftOut } = compareFields(fieldsOf(from), fieldsOf(to))
    const includes = compareIncludes(from.includes, to.includes)
    return { fields: includes === undefined ? fields : [...fields, includes], leftOut }
  }, [from, to])
  if (compared === undefined || from === undefined) return null
  if (compared.fields.length === 0)
    return <p className="rounded-md bg-lapis-wash px-3 py-2 text-sm">Version {from.version} says the same.</p>
  return (
    <FieldDiffs
      fields={compared.fields}
      leftOut={compared.leftOut}
      sides={{ older: `version ${from.version}, ${label} now`, newer: `version ${to.version}` }}
      view="unified"
    />
  )
}
