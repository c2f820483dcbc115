'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { showFailure, showToast } from '#components/ui/toast.ts'
import type { AIConfiguration } from '#lib/ai/schema.ts'
import { call, currentEtag } from '#lib/rest/client.ts'
import { CONFIGURATIONS } from './queries.ts'

/** The edits that the list of configurations offers. */
export function useConfigurationEdits() {
  const queries = useQueryClient()
  return useMemo(() => {
    const refresh = () => queries.invalidateQueries({ queryKey: CONFIGURATIONS })
    const show = (change: (all: AIConfiguration[]) => AIConfiguration[]) =>
      queries.setQueryData<AIConfiguration[]>(CONFIGURATIONS, (all) => all && change(all))

    /** Shows at once what was saved: opened again before the list has come, it would be the one of before. */
    async function keep(saved: AIConfiguration): Promise<void> {
      await queries.cancelQueries({ queryKey: CONFIGURATIONS })
      show((all) => [...all.filter(({ id }) => id !== saved.id), saved].toSorted(byName))
      await refresh()
    }

    /** Shows at once that it is on or off; takes it back, with the reason, when that cannot be saved. */
    async function switchTo(configuration: AIConfiguration, active: boolean): Promise<void> {
      const { name } = configuration
      await queries.cancelQueries({ queryKey: CONFIGURATIONS })
      show((all) => all.map((each) => (each.name === name ? { ...each, active } : each)))
      try {
        const change = { params: { name }, ifMatch: configuration.etag, body: { active } }
        const saved = await call('PATCH /api/ai/configurations/{name}', change)
        show((all) => all.map((each) => (each.name === name ? saved : each)))
        showToast({
          message: `“${name}” is ${active ? 'on' : 'off'}.`,
          action: { label: 'Undo', run: () => void switchTo(saved, !active) },
        })
        await refresh()
      } catch (error) {
        show((all) => all.map((each) => (each.name === name ? { ...each, active: !active } : each)))
        const etag = currentEtag(error) ?? configuration.etag
        showFailure(`“${name}” was not switched ${active ? 'on' : 'off'}.`, error, {
          retry: () => void switchTo({ ...configuration, etag }, active),
        })
      }
    }
    return { refresh, keep, switchTo }
  }, [queries])
}

/** As the server sorts them. */
const byName = (one: AIConfiguration, other: AIConfiguration) => (one.name < other.name ? -1 : 1)

export type ConfigurationEdits = ReturnType<typeof useConfigurationEdits>
