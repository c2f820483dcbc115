import { mcpRequest, request } from './load/request.ts'
import { SAMPLE, sampleArguments } from './sample-prompt.ts'

/** How many clients ask at the same time. */
export const CONNECTIONS = 32
const VARIANTS = 500

/** A hot path, and the requests that load it. */
export interface Scenario {
  name: string
  /** Least ratio to the bare server and to the empty route that the project promises. */
  promised: { bare: number; route: number }
  requests: (url: URL) => Buffer[]
}

export const SCENARIOS: Scenario[] = [
  {
    name: 'MCP prompts/get',
    promised: { bare: 0.2, route: 6 },
    requests: (url) =>
      variants((turn) =>
        mcpRequest(url, 'prompts/get', { name: nameOf(turn), arguments: sampleArguments(turn) }, turn),
      ),
  },
  {
    name: 'MCP tools/call render_prompt',
    promised: { bare: 0.2, route: 6 },
    requests: (url) =>
      variants((turn) =>
        mcpRequest(
          url,
          'tools/call',
          {
            name: 'render_prompt',
            arguments: { template_name: nameOf(turn), variables: sampleArguments(turn) },
          },
          turn,
        ),
      ),
  },
  {
    name: 'REST render',
    promised: { bare: 0.2, route: 6 },
    requests: (url) =>
      variants((turn) =>
        request(url, {
          method: 'POST',
          path: `/api/prompts/${nameOf(turn)}/render`,
          body: { variables: sampleArguments(turn) },
        }),
      ),
  },
  {
    name: 'MCP prompts/list, 1,000 a page',
    promised: { bare: 0.25, route: 0 },
    requests: (url) => variants((turn) => mcpRequest(url, 'prompts/list', {}, turn)),
  },
]

/** A few prompts among the many, as agents use them. */
function nameOf(turn: number): string {
  return `${SAMPLE.name}_${String((turn % 5) + 1).padStart(6, '0')}`
}

function variants(make: (turn: number) => Buffer): Buffer[] {
  return Array.from({ length: VARIANTS }, (_, turn) => make(turn))
}
