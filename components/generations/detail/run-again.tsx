'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown, RotateCcw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import { showToast } from '#components/ui/toast.ts'
import { call } from '#lib/rest/client.ts'

/** Runs the same messages again, with the same configuration or another; it leads to the new generation. */
export function RunAgain({
  id,
  name,
  configurations,
}: {
  id: string
  /** The label: after a failure it is a retry. */
  name: string
  /** Names of the configurations that can be asked. */
  configurations: readonly string[]
}) {
  const retry = useRetry(id)
  const reason = useReasonAgainst('generations:run')
  const run = (configuration?: string) => retry.mutate({ configuration, key: crypto.randomUUID() })
  return (
    <div className="flex gap-px">
      <Button
        look="primary"
        reason={reason}
        isDisabled={retry.isPending}
        onPress={() => run()}
        className={configurations.length > 0 ? 'rounded-r-none' : ''}
      >
        <RotateCcw aria-hidden="true" />
        {retry.isPending ? 'Sending …' : name}
      </Button>
      {configurations.length > 0 && reason === undefined && (
        <OtherConfigurations names={configurations} isDisabled={retry.isPending} onRun={run} />
      )}
    </div>
  )
}

function OtherConfigurations({
  names,
  isDisabled,
  onRun,
}: {
  names: readonly string[]
  isDisabled: boolean
  onRun: (name: string) => void
}) {
  return (
    <Menu
      aria-label="Run it again with"
      onAction={(key) => onRun(String(key))}
      trigger={
        <Button
          look="primary"
          square
          isDisabled={isDisabled}
          aria-label="Run it again with another configuration"
          className="rounded-l-none"
        >
          <ChevronDown aria-hidden="true" />
        </Button>
      }
    >
      {names.map((configuration) => (
        <MenuItem key={configuration} id={configuration} textValue={configuration}>
          <span className="font-mono text-[0.8125rem]">{configuration}</span>
        </MenuItem>
      ))}
    </Menu>
  )
}

/** Sends the retry and goes to the new generation. */
function useRetry(id: string) {
  const router = useRouter()
  const queries = useQueryClient()
  const retry = useMutation({
    mutationFn: ({ configuration, key }: { configuration: string | undefined; key: string }) => {
      const again = { params: { id }, body: { configuration }, idempotencyKey: key }
      return call('POST /api/generations/{id}/retry', again)
    },
    onSuccess: async (generation) => {
      await queries.invalidateQueries({ queryKey: ['generations', 'list'] })
      router.push(`/generations/${generation.id}`)
    },
    onError: (error, sent) =>
      showToast({
        tone: 'failure',
        key: 'retry',
        message: 'It was not run again.',
        detail: error.message,
        action: { label: 'Retry', run: () => retry.mutate(sent) },
      }),
  })
  return retry
}
