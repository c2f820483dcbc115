'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useGuard, useReasonAgainst } from '#components/access/person.tsx'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { AIConfiguration, Catalogue } from '#lib/ai/schema.ts'
import type { ConfigurationHealth } from '#lib/generations/schema.ts'
import { ConfigurationRow } from './configuration-row.tsx'
import { configurationsQuery } from './queries.ts'
import { useConfigurationEdits } from './use-configuration-edits.ts'

const ConfigurationDialog = dialogPart(
  async () => (await import('./configuration-dialog.tsx')).ConfigurationDialog,
  ({ onClose }) => onClose(),
)
const TestDialog = dialogPart(
  async () => (await import('./test-dialog.tsx')).TestDialog,
  ({ onClose }) => onClose(),
)
const DeleteDialog = dialogPart(
  async () => (await import('./delete-dialog.tsx')).DeleteDialog,
  ({ onClose }) => onClose(),
)

/** The open dialog. */
export type ConfigurationDialogState =
  | { kind: 'new' }
  | { kind: 'edit' | 'test' | 'delete'; configuration: AIConfiguration }

/** All AI configurations and their actions. */
export function ConfigurationBoard({
  first,
  catalogue,
  health,
  readAt,
}: {
  /** undefined: their texts are too long to come with the page. */
  first: AIConfiguration[] | undefined
  catalogue: Catalogue
  /** How those do that were asked already, by name. */
  health: Readonly<Record<string, ConfigurationHealth>>
  readAt: number
}) {
  const { data, error } = useQuery({
    ...configurationsQuery,
    ...(first && { initialData: first, initialDataUpdatedAt: readAt }),
  })
  if (data !== undefined) return <Board all={data} catalogue={catalogue} health={health} readAt={readAt} />
  return error ? <p className="text-rubric text-sm">{error.message}</p> : <Skeleton className="h-96" />
}

function Board({
  all,
  catalogue,
  health,
  readAt,
}: {
  all: AIConfiguration[]
  catalogue: Catalogue
  health: Readonly<Record<string, ConfigurationHealth>>
  readAt: number
}) {
  const now = useNow(readAt)
  const edits = useConfigurationEdits()
  const [dialog, setDialog] = useState<ConfigurationDialogState>()
  const guard = useGuard()
  const open = (wanted: ConfigurationDialogState) => guard('ai:write', () => setDialog(wanted))()
  const create = () => open({ kind: 'new' })
  useConfigurationActions(all, open)
  return (
    <section aria-labelledby="configurations">
      <Head onCreate={all.length === 0 ? undefined : create} />
      {all.length === 0 && <Nothing onCreate={create} />}
      <ul className="divide-y divide-line">
        {all.map((configuration) => (
          <ConfigurationRow
            key={configuration.id}
            configuration={configuration}
            all={all}
            health={health[configuration.name]}
            now={now}
            provider={catalogue.providers.find(({ id }) => id === configuration.provider)}
            onOpen={open}
            onSwitch={(active) => guard('ai:write', () => void edits.switchTo(configuration, active))()}
          />
        ))}
      </ul>
      {dialog && (
        <OpenDialog dialog={dialog} all={all} catalogue={catalogue} edits={edits} open={setDialog} />
      )}
    </section>
  )
}

/** Offers the actions of the page to the palette. */
function useConfigurationActions(
  all: readonly AIConfiguration[],
  open: (dialog: ConfigurationDialogState) => void,
): void {
  useActions([
    {
      id: 'configurations.new',
      name: 'New AI configuration',
      group: 'AI configurations',
      run: () => open({ kind: 'new' }),
      words: 'add provider model key openai anthropic',
    },
    ...all.map((configuration) => ({
      id: `configurations.test.${configuration.name}`,
      name: `Test ${configuration.name}`,
      group: 'AI configurations',
      run: () => open({ kind: 'test', configuration }),
      words: `try call ${configuration.model}`,
    })),
  ])
}

/** The title of the board; `onCreate` is left out while the board is empty and offers the same itself. */
function Head({ onCreate }: { onCreate: (() => void) | undefined }) {
  const reason = useReasonAgainst('ai:write')
  return (
    <SectionHead
      id="configurations"
      title="AI configurations"
      action={
        onCreate && (
          <Button look="primary" reason={reason} onPress={onCreate}>
            <Plus aria-hidden="true" />
            New configuration
          </Button>
        )
      }
    >
      Each is a way to a model: provider, key, prices and limits. Prompts are run with one of them by its
      name. Quotas count from the first of the month, UTC.
    </SectionHead>
  )
}

function Nothing({ onCreate }: { onCreate: () => void }) {
  return (
    <EmptyState
      title="Choose a model"
      action={
        <Button look="primary" onPress={onCreate}>
          Create an AI configuration
        </Button>
      }
    >
      <p>
        With one, prompts can be run here and by agents: OpenAI, Anthropic, or any server that speaks OpenAI’s
        API, such as Ollama or vLLM on this machine.
      </p>
    </EmptyState>
  )
}

function OpenDialog({
  dialog,
  all,
  catalogue,
  edits,
  open,
}: {
  dialog: ConfigurationDialogState
  all: AIConfiguration[]
  catalogue: Catalogue
  edits: ReturnType<typeof useConfigurationEdits>
  open: (dialog: ConfigurationDialogState | undefined) => void
}) {
  const close = () => open(undefined)
  if (dialog.kind === 'test')
    return (
      <TestDialog
        configuration={dialog.configuration}
        provider={catalogue.providers.find(({ id }) => id === dialog.configuration.provider)}
        edits={edits}
        onClose={close}
      />
    )
  if (dialog.kind === 'delete')
    return <DeleteDialog configuration={dialog.configuration} all={all} edits={edits} onClose={close} />
  return (
    <ConfigurationDialog
      configuration={dialog.kind === 'edit' ? dialog.configuration : undefined}
      all={all}
      catalogue={catalogue}
      edits={edits}
      onClose={close}
      onTest={(configuration) => open({ kind: 'test', configuration })}
    />
  )
}
