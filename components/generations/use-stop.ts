'use client'

import { useMutation } from '@tanstack/react-query'
import { showToast } from '#components/ui/toast.ts'
import { call } from '#lib/rest/client.ts'

/** Stops a generation: at once as far as one sees, and on the server as soon as it hears of it. */
export function useStop(id: string) {
  const { mutate, isPending, isSuccess } = useMutation({
    mutationFn: () => call('POST /api/generations/{id}/cancel', { params: { id } }),
    onError: (error) =>
      showToast({
        tone: 'failure',
        key: `stop ${id}`,
        message: 'It was not stopped.',
        detail: error.message,
        action: { label: 'Retry', run: () => mutate() },
      }),
  })
  return { stop: () => mutate(), isStopping: isPending || isSuccess }
}
