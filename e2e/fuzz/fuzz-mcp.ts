import fc from 'fast-check'
import type { Received } from '../protocol/exchange.ts'
import { rest } from '../protocol/mcp-apps.ts'
import type { RunningApp } from '../start-app.ts'
import { answerFault, type Found, type Fuzzing } from './fuzz-rest.ts'
import { createInventory } from './known.ts'
import { type McpPlan, mcpPlans, type Offered } from './mcp-plans.ts'
import { fill, headerValue, type Request, shownRequest } from './request.ts'
import { inParallel, send } from './send.ts'

const REFRESH_EVERY = 400
const INTERNAL = -32603

/** Sends messages of MCP made from what the app offers, and looks at each answer. */
export async function fuzzMcp(app: RunningApp, { seed, count, width, fixed }: Fuzzing): Promise<Found> {
  const offered = await offeredBy(app)
  const plans = fc.sample(mcpPlans(offered), { seed, numRuns: count })
  const inventory = createInventory(app, fixed)
  const statuses = new Map<number, number>()
  const faults: string[] = []
  await inParallel(plans, width, async (plan, index) => {
    if (index % REFRESH_EVERY === 0) await inventory.refresh()
    const request = requestOf(plan, (value) => fill(value, (known) => inventory.lookup(known, '')))
    const answer = await send(app, request)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    const wrong = answerFault(answer) ?? rpcFault(answer)
    if (wrong !== undefined)
      faults.push(`${wrong}\n  ${shownRequest(request)}\n  ${answer.text.slice(0, 400)}`)
  })
  return { statuses, faults }
}

async function offeredBy(app: RunningApp): Promise<Offered> {
  const ask = async (method: string) => {
    const answer = await rest(app, 'POST', '/api/mcp', { jsonrpc: '2.0', id: 1, method })
    return (answer as { result: Offered }).result
  }
  const [{ tools }, { prompts }] = await Promise.all([ask('tools/list'), ask('prompts/list')])
  return { tools, prompts }
}

function requestOf({ path, headers, body }: McpPlan, filled: (value: unknown) => unknown): Request {
  const bytes = Buffer.from(JSON.stringify(joined(filled(body))) ?? 'null')
  const own = Object.entries(headers).map(([name, value]) => [name, headerValue(joined(filled(value)))])
  return {
    method: 'POST',
    path,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(bytes.byteLength),
      ...Object.fromEntries(own),
    },
    body: bytes,
  }
}

/** A URI is planned in parts, some of which are known only when it is sent. */
function joined(value: unknown): unknown {
  if (Array.isArray(value) && /^(prompt|category):\/\/$/.test(String(value[0]))) return value.join('')
  if (Array.isArray(value)) return value.map(joined)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, joined(each)]))
}

/** What is wrong with an answer of JSON-RPC, alone or in a batch; over streams the events are looked at. */
function rpcFault({ status, text, json }: Received): string | undefined {
  if (status === 202 || text === '' || text.startsWith('event:') || text.startsWith(':')) return undefined
  if (json === undefined) return 'the answer is no JSON'
  return [json]
    .flat()
    .map(messageFault)
    .find((fault) => fault !== undefined)
}

function messageFault(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return 'the answer is no object'
  const members = new Map(Object.entries(message))
  // What comes before JSON-RPC, such as an unknown path or method of HTTP, is a problem of REST.
  if (members.has('detail') && members.has('status')) return undefined
  const error: unknown = members.get('error')
  // An error whose request cannot be told has no id since 2025-11-25.
  const mayLackId = error !== undefined
  if (members.get('jsonrpc') !== '2.0' || !(members.has('id') || mayLackId))
    return 'the answer is not of JSON-RPC 2.0'
  if (error === undefined) return resultFault(members.get('result'))
  const {
    code,
    message: said,
    data,
  } = error as { code?: unknown; message?: unknown; data?: { code?: unknown } }
  if (!Number.isSafeInteger(code) || typeof said !== 'string') return 'the error is none of JSON-RPC'
  return code === INTERNAL && (data?.code === undefined || data.code === 'internal')
    ? 'an internal error'
    : undefined
}

function resultFault(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return 'neither a result nor an error'
  const isInternal = 'isError' in result && JSON.stringify(result).includes('Something went wrong here')
  return isInternal ? 'a tool failed inside' : undefined
}
