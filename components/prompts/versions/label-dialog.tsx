'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import { labelFault } from '#lib/prompts/rules.ts'
import { BlastRadiusNotice, useBlastRadius } from './blast-radius.tsx'
import { failureText } from './change-failure.ts'
import { LabelChoices, NEW_LABEL } from './label-choices.tsx'
import { labelsQuery } from './queries.ts'
import { useMoveLabel } from './use-move-label.ts'

/** Asks which label shall name a version, shows the version that it replaces, and moves the label. */
export function LabelDialog({
  name,
  version,
  onClose,
}: {
  name: string
  version: number
  onClose: () => void
}) {
  const { labels, states, choice, label, now, isReady, radius, move } = useLabelling(name, version)
  const run = () => {
    // The move shows at once behind the dialog; a toast tells its failure.
    if (move()) onClose()
  }
  return (
    <Dialog title={`Label version ${version}`} isOpen onOpenChange={onClose}>
      {labels.error ? (
        <p className="text-rubric text-sm">{failureText(labels.error)}</p>
      ) : !labels.data ? (
        <Skeleton className="h-32" />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            run()
          }}
        >
          <LabelChoices states={states} version={version} {...choice} />
          <output className="my-4 block min-h-11 text-sm">
            {isReady && <Consequence label={label} from={now} to={version} />}
          </output>
          {isReady && <BlastRadiusNotice radius={radius} label={label} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onPress={onClose}>Cancel</Button>
            <Button look="primary" type="submit" isDisabled={!isReady || labels.isFetching || radius.isHeld}>
              {buttonText(isReady ? label : undefined, now)}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

/** What is chosen, what it does, and the move itself. */
function useLabelling(name: string, version: number) {
  const labels = useQuery({ ...labelsQuery(name), staleTime: 0 })
  const mutation = useMoveLabel(name)
  const [chosen, onChoose] = useState<string>()
  const [typed, onType] = useState('')
  const states = labels.data?.items ?? []
  const label = chosen === NEW_LABEL ? typed.trim() : (chosen ?? '')
  const problem = label === '' ? undefined : labelFault(label)
  const now = states.find((state) => state.label === label)?.version
  const isReady = label !== '' && problem === undefined && now !== version
  const radius = useBlastRadius(
    name,
    isReady && now !== undefined ? { label, from: now, to: version } : undefined,
  )
  const move = (): boolean => {
    if (!labels.data || !isReady || radius.isHeld) return false
    mutation.mutate({ label, version, etag: labels.data.etag, accepts: radius.isAccepted })
    return true
  }
  const choice = { chosen, onChoose, typed, onType, problem }
  return { labels, states, choice, label, now, isReady, radius, move }
}

function buttonText(label: string | undefined, now: number | undefined): string {
  if (label === undefined) return 'Move the label'
  return now === undefined ? `Set ${label}` : `Move ${label}`
}

/** The effect of the move, in words. */
function Consequence({ label, from, to }: { label: string; from: number | undefined; to: number }) {
  return (
    <>
      {from === undefined ? (
        <>
          <strong className="font-medium">{label}</strong> is new: it will name version {to}.
        </>
      ) : (
        <>
          <strong className="font-medium">{label}</strong> names version {from} now. Version {to} replaces it.
        </>
      )}
      {label === PRODUCTION && (
        <span className="mt-1 block text-rubric">Agents get version {to} from then on.</span>
      )}
    </>
  )
}
