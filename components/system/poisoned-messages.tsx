'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { PoisonedMessage } from '#lib/health/system-schema.ts'
import { call } from '#lib/rest/client.ts'
import { DropDialog } from './drop-dialog.tsx'
import { FactTable } from './parts.tsx'
import { systemQuery } from './queries.ts'

/** The messages that are no longer sent: each can be sent again, or given up. */
export function PoisonedMessages({ messages }: { messages: readonly PoisonedMessage[] }) {
  const [dropped, setDropped] = useState<PoisonedMessage>()
  return (
    <div className="mt-4">
      <FactTable name="Messages that were refused" columns={['Message', 'About', 'Tries', 'To do']}>
        {messages.map((message) => (
          <MessageRow key={message.id} message={message} onDrop={() => setDropped(message)} />
        ))}
      </FactTable>
      {dropped !== undefined && <DropDialog message={dropped} onClose={() => setDropped(undefined)} />}
    </div>
  )
}

function MessageRow({ message, onDrop }: { message: PoisonedMessage; onDrop: () => void }) {
  const { id, name, subject, tries } = message
  const queries = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: () => call('POST /api/system/outbox/{id}/resend', { params: { id } }),
    onSuccess: () => showToast({ message: `${name} is sent again.` }),
    onError: (error) =>
      showToast({ tone: 'failure', message: `${name} is not sent again.`, detail: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: systemQuery.queryKey }),
  })
  return (
    <tr>
      <th scope="row" className="font-normal">
        {name}
      </th>
      <td className="[overflow-wrap:anywhere]">{subject}</td>
      <td>{tries}</td>
      <td>
        <div className="flex flex-wrap gap-2">
          <Button
            isDisabled={isPending}
            aria-label={`Send again: ${name} about ${subject}`}
            onPress={() => mutate()}
          >
            Send again
          </Button>
          <Button look="quiet" aria-label={`Give up: ${name} about ${subject}`} onPress={onDrop}>
            Give up
          </Button>
        </div>
      </td>
    </tr>
  )
}
