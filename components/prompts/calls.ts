import type { Json } from '#lib/prompts/content/json.ts'

/** Which version a call asks for; nothing means `production`. */
export interface CallTarget {
  name: string
  label?: string | undefined
  version?: number | undefined
}

function selector({ label, version }: CallTarget): Record<string, string | number> {
  if (version !== undefined) return { version }
  return label === undefined || label === 'production' ? {} : { label }
}

/** A line for a shell that renders the prompt over REST. */
export function toCurl(origin: string, target: CallTarget, variables: Record<string, Json>): string {
  const body = JSON.stringify({ variables, ...selector(target) })
  return [
    `curl -sS ${origin}/api/prompts/${target.name}/render \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body.replaceAll("'", `'\\''`)}'`,
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
