import { randomUUID } from 'node:crypto'
import { incipitError } from '../http/problem.ts'
import type { Transport } from '../http/transport.ts'
import { promptPath, type WirePrompt, type WireVersion } from '../prompts/wire.ts'

/** A prompt as lists show it. */
export interface ListedPrompt {
  id: string
  name: string
  category: string | null
  tags: string[]
  aliases: string[]
  labels: { label: string; version: number }[]
  latest_version: number
  etag: string
}

export interface ListFilter {
  category?: string | undefined
  label?: string | undefined
  tag?: string | undefined
}

/** What a version is made of, as it is sent. */
export interface VersionBody {
  template_content?: string
  messages?: unknown
  format: 'liquid' | 'text'
  variables: unknown[]
  config: Record<string, unknown>
  title: string
  description: string
  publish: Record<string, boolean>
  message?: string
  labels?: string[]
  accept_breaking?: boolean
}

export interface PromptPatch {
  category?: string | null
  tags?: string[]
  aliases?: string[]
}

export interface Category {
  slug: string
  name: string
  description: string
  color: string
}

export interface ImpactCaller {
  name: string
  client: string | null
  uses: number
  variables: string[]
}

/** Whom a version would refuse of those who use a label. */
export interface WireImpact {
  breaking: { variable: string; message: string }[]
  callers: (ImpactCaller & { breaks: string[] })[]
}

/** How the command line calls itself. */
export const COMMAND_LINE = 'incipit-cli'

/** Most items of one page. */
const PAGE = 200

/** The requests of the command line, each with its path and shape. */
export class Registry {
  readonly transport: Transport

  constructor(transport: Transport) {
    this.transport = transport
  }

  get url(): string {
    return this.transport.url
  }

  /** Every prompt that the filter leaves, in the order of their names. */
  async list(filter: ListFilter = {}): Promise<ListedPrompt[]> {
    const items: ListedPrompt[] = []
    let cursor: string | undefined
    do {
      const { body } = await this.transport.call<{ items: ListedPrompt[]; next_cursor: string | null }>(
        '/api/prompts',
        { query: { ...filter, sort: 'name', limit: PAGE, cursor } },
      )
      if (!Array.isArray(body?.items))
        throw incipitError('unexpected_answer', `${this.url} answers, but not as Incipit does.`)
      items.push(...body.items)
      cursor = body.next_cursor ?? undefined
    } while (cursor !== undefined)
    return items
  }

  async prompt(name: string, selector: { label?: string; version?: number }): Promise<WirePrompt> {
    const { body } = await this.transport.call<WirePrompt>(promptPath(name), { query: selector })
    return body
  }

  async version(name: string, version: number): Promise<WireVersion> {
    const { body } = await this.transport.call<WireVersion>(promptPath(name, `/versions/${version}`))
    return body
  }

  async createPrompt(body: VersionBody & PromptPatch & { name: string }): Promise<WirePrompt> {
    const answer = await this.transport.call<WirePrompt>('/api/prompts', {
      method: 'POST',
      body,
      headers: { 'idempotency-key': randomUUID() },
      isRepeatable: true,
    })
    return answer.body
  }

  async createVersion(name: string, etag: string, body: VersionBody): Promise<WirePrompt> {
    const answer = await this.transport.call<WirePrompt>(promptPath(name, '/versions'), {
      method: 'POST',
      body,
      headers: { 'if-match': etag, 'idempotency-key': randomUUID() },
      isRepeatable: true,
    })
    return answer.body
  }

  async patch(name: string, etag: string, body: PromptPatch): Promise<WirePrompt> {
    const answer = await this.transport.call<WirePrompt>(promptPath(name), {
      method: 'PATCH',
      body,
      headers: { 'if-match': etag },
    })
    return answer.body
  }

  async setLabel(name: string, label: string, version: number, etag: string, accept: boolean): Promise<void> {
    await this.transport.call(promptPath(name, `/labels/${encodeURIComponent(label)}`), {
      method: 'PUT',
      body: { version, ...(accept && { accept_breaking: true }) },
      headers: { 'if-match': etag },
    })
  }

  async categories(): Promise<Category[]> {
    const { body } = await this.transport.call<{ categories: Category[] }>('/api/categories')
    return body.categories
  }

  async createCategory(category: Partial<Category> & { slug: string; name: string }): Promise<void> {
    await this.transport.call('/api/categories', { method: 'POST', body: category })
  }

  /** Who used what a label names, but for this command line itself. @throws forbidden without usage:read */
  async callers(name: string, label: string): Promise<ImpactCaller[]> {
    const { body } = await this.transport.call<{ callers: ImpactCaller[] }>(promptPath(name, '/impact'), {
      query: { from: label, to: label },
    })
    return body.callers.filter(({ client }) => client !== COMMAND_LINE)
  }

  /** Whom a version that takes these variables would refuse. @throws forbidden without usage:read */
  async impact(name: string, label: string, variables: readonly unknown[]): Promise<WireImpact> {
    const { body } = await this.transport.call<WireImpact>(promptPath(name, '/impact'), {
      method: 'POST',
      body: { from: label, variables },
      isRepeatable: true,
    })
    return body
  }

  async me(): Promise<{ display?: string; role?: string }> {
    const { body } = await this.transport.call<{ display?: string; role?: string }>('/api/me')
    return body
  }
}
