import type { News } from '../db/notice.ts'
import { readPrimary } from '../db/read.ts'
import { KEEP_ALIVE_MS, type Sink } from '../event-stream.ts'
import { paced } from '../paced.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { readChanges } from './change-log.ts'
import { addChangeMetrics } from './change-metrics.ts'
import { Channel } from './channel.ts'
import type { ChangeEvent } from './schema.ts'

/** Everybody in this process who follows changes. */
export interface ChangeHub {
  readonly size: number
  readonly isFull: boolean
  /** Whether who has seen this revision needs nothing from the audit log. */
  reaches(workspaceId: string, revision: number): boolean
  /** Adds a follower who has seen a revision; undefined: as many as allowed are there. */
  join(workspaceId: string, sink: Sink, position: number): (() => void) | undefined
}

/** News of one kind are passed on once in this time. */
const NEWS_MS = 250

/** A change that could not be read is tried again after this time. */
const RETRY_MS = 1000

/** The hub of this process, fed by its change feed. */
export function changeHub(): ChangeHub {
  return getRuntime().once('changes.hub', (runtime) => {
    const hub = createChangeHub(runtime, (workspaceId, after, upTo) =>
      readPrimary(({ pool }) => readChanges(pool, workspaceId, after, upTo)),
    )
    addChangeMetrics(hub)
    return hub
  })
}

/** The parts of the runtime that the hub needs. */
export interface Surroundings {
  readonly config: { limits: Pick<Runtime['config']['limits'], 'change_streams' | 'change_backlog'> }
  readonly feed: Pick<Runtime['feed'], 'onChange' | 'onReset' | 'onNews' | 'seen'>
  readonly onShutdown: Runtime['onShutdown']
  readonly log: Pick<Runtime['log'], 'debug'>
}

type ReadChanges = (workspaceId: string, after: number, upTo: number) => Promise<ChangeEvent[]>

/** What a notification does not say (who, at which request) is read from the audit log, once for all followers. */
export function createChangeHub(runtime: Surroundings, read: ReadChanges): ChangeHub {
  const { change_streams: limit, change_backlog: backlog } = runtime.config.limits
  const { feed, log } = runtime
  const channels = new Map<string, Channel>()
  /** Newest revision that each channel has yet to tell of, while it is being read. */
  const wanted = new Map<string, number>()
  let draining = false

  function size(): number {
    return [...channels.values()].reduce((sum, channel) => sum + channel.size, 0)
  }

  async function catchUp(workspaceId: string, revision: number): Promise<void> {
    const isRunning = wanted.has(workspaceId)
    wanted.set(workspaceId, Math.max(revision, wanted.get(workspaceId) ?? 0))
    if (isRunning) return
    try {
      for (let channel = next(workspaceId); channel !== undefined; channel = next(workspaceId))
        await advance(workspaceId, channel, wanted.get(workspaceId) ?? 0)
      wanted.delete(workspaceId)
    } catch (error) {
      log.debug({ err: error }, 'changes could not be read; they are tried again')
      const left = wanted.get(workspaceId) ?? 0
      wanted.delete(workspaceId)
      setTimeout(() => void catchUp(workspaceId, left), RETRY_MS).unref()
    }
  }

  /** The channel, when it has something left to tell. */
  function next(workspaceId: string): Channel | undefined {
    const channel = channels.get(workspaceId)
    return channel !== undefined && channel.told < (wanted.get(workspaceId) ?? 0) ? channel : undefined
  }

  async function advance(workspaceId: string, channel: Channel, revision: number): Promise<void> {
    if (revision - channel.told > backlog) return channel.reset(revision)
    const after = channel.told
    const changes = await read(workspaceId, after, revision)
    // A reset came meanwhile: what was read is told of by it.
    if (channel.told === after) channel.push(changes, revision)
  }

  feed.onChange(({ workspace_id, revision }) => {
    const channel = channels.get(workspace_id)
    if (channel !== undefined && revision > channel.told) void catchUp(workspace_id, revision)
  })
  feed.onReset((workspaceId, revision) => channels.get(workspaceId)?.reset(revision))
  // Each instance keeps to the pace, and there may be many of them.
  const news = paced((key) => {
    const { workspace_id, topic }: News = JSON.parse(key)
    channels.get(workspace_id)?.news(topic)
  }, NEWS_MS)
  feed.onNews(({ workspace_id, topic }) => {
    if (channels.has(workspace_id)) news.call(JSON.stringify({ workspace_id, topic }))
  })
  const keepAlive = setInterval(() => {
    for (const [workspaceId, channel] of channels) {
      channel.keepAlive()
      if (channel.size === 0) channels.delete(workspaceId)
    }
  }, KEEP_ALIVE_MS)
  keepAlive.unref()
  runtime.onShutdown('drain', 'changes.hub', () => {
    draining = true
    clearInterval(keepAlive)
    news.end()
    for (const channel of channels.values()) channel.close()
    channels.clear()
  })

  return {
    get size() {
      return size()
    },
    get isFull() {
      return draining || size() >= limit
    },
    reaches: (workspaceId, revision) => {
      const channel = channels.get(workspaceId)
      return channel === undefined ? revision >= feed.seen(workspaceId) : channel.reaches(revision)
    },
    join(workspaceId, sink, position) {
      if (draining || size() >= limit) return undefined
      const channel = channels.get(workspaceId) ?? new Channel(position, backlog)
      channels.set(workspaceId, channel)
      const leave = channel.join(sink, position)
      const seen = feed.seen(workspaceId)
      if (seen > channel.told) void catchUp(workspaceId, seen)
      return () => {
        leave()
        if (channel.size === 0 && channels.get(workspaceId) === channel) channels.delete(workspaceId)
      }
    },
  }
}
