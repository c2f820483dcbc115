'use client'

import { useState } from 'react'
import type { VersionSummary } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { useChanges } from './changes-provider.tsx'

/** A version that somebody else saved. */
export type NewerVersion = Pick<VersionSummary, 'version' | 'author' | 'message' | 'created_at'>

/**
 * The newest version of a prompt, when somebody else saved one after `baseVersion`, which this page began
 * from. It only tells: nothing that is written here changes.
 */
export function useNewerVersion(name: string, baseVersion: number): NewerVersion | undefined {
  const [newest, setNewest] = useState<NewerVersion>()
  const look = async () => {
    try {
      const newest = { params: { name }, query: { limit: 1 } }
      const { items } = await call('GET /api/prompts/{name}/versions', newest)
      setNewest(items[0])
    } catch {
      // A save meets the newer version at the latest; the stream asks again when it reconnects.
    }
  }
  useChanges((heard) => {
    if (heard.type === 'news' || heard.type === 'again') return
    const isElsewhere =
      heard.type === 'change' &&
      !heard.change.changes.some(
        (change) => change.kind === 'prompt' && change.name === name && change.action === 'version.create',
      )
    if (!isElsewhere) void look()
  })
  return newest !== undefined && newest.version > baseVersion ? newest : undefined
}
