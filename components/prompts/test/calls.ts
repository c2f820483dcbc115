import type { Json } from '#lib/liquid/json.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'

/** Which version a call asks for; nothing means `production`. */
export interface CallTarget {
  name: string
  label?: string | undefined
  version?: number | undefined
}

/** A text that is not saved, for the call that renders it as it stands. */
export interface CallDraft {
  content: PromptContent
  variables: readonly Variable[]
}

function selector({ label, version }: CallTarget): Record<string, string | number> {
  if (version !== undefined) return { version }
  return label === undefined || label === 'production' ? {} : { label }
}

/** A line for a shell that renders the prompt over REST. */
export function toCurl(origin: string, target: CallTarget, variables: Record<string, Json>): string {
  return curl(`${origin}/api/prompts/${target.name}/render`, { variables, ...selector(target) })
}

/** A line for a shell that renders a draft over REST. */
export function toDraftCurl(
  origin: string,
  { content, variables }: CallDraft,
  values: Record<string, Json>,
): string {
  const { kind: _, ...fields } = content
  return curl(`${origin}/api/render`, { ...fields, variables, values })
}

/** Inside single quotes a shell leaves everything as it is but the quote that ends them. */
function curl(address: string, body: unknown): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  return [
    `curl -sS ${quoted(address)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join('\n')
}

/**
 * The JSON-RPC request with which an MCP client gets the prompt. `prompts/get` takes texts and knows no
 * versions, so anything but `production` is the tool `render_prompt`.
 */
export function toMcpCall(target: CallTarget, variables: Record<string, Json>): string {
  const choice = selector(target)
  const call =
    Object.keys(choice).length === 0
      ? { method: 'prompts/get', params: { name: target.name, arguments: asTexts(variables) } }
      : {
          method: 'tools/call',
          params: { name: 'render_prompt', arguments: { template_name: target.name, variables, ...choice } },
        }
  return JSON.stringify({ jsonrpc: '2.0', id: 1, ...call }, null, 2)
}

function asTexts(variables: Record<string, Json>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}
