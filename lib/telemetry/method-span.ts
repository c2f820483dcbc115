import { spanned } from './observe.ts'
import { type Carrier, type Span, type SpanStart, tracing } from './telemetry.ts'

/** One call of a method of MCP. */
export interface MethodCall {
  method: string
  params: Readonly<Record<string, unknown>>
  revision: string
  id: string | number | undefined
}

/** What came of it, for its span. */
export interface Told {
  /** @param type as the conventions have it: the number of an error of JSON-RPC, or `tool_error` */
  failed(type: string, code?: string): void
}

const SILENT: Told = { failed: () => undefined }

/**
 * Runs a method within a span by the conventions for MCP. It is a part of what `_meta` names, where it names
 * something: one HTTP request may bring several messages, and their trace is not its own.
 */
export function observeMethod<T>(call: MethodCall, run: (told: Told) => Promise<T>): Promise<T> {
  const traces = tracing()
  if (traces === undefined) return run(SILENT)
  const meta = call.params._meta
  return spanned(
    traces,
    () => asked(call),
    (span) => run(toldBy(span)),
    isCarrier(meta) ? { carrier: meta } : undefined,
  )
}

function asked({ method, params, revision, id }: MethodCall): SpanStart {
  const { target, attributes } = targetOf(method, params)
  return {
    name: target === undefined ? method : `${method} ${target}`,
    kind: 'server',
    attributes: {
      'mcp.method.name': method,
      'mcp.protocol.version': revision,
      'jsonrpc.request.id': id === undefined ? undefined : String(id).slice(0, ID_LENGTH),
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      ...attributes,
    },
  }
}

function toldBy(span: Span): Told {
  if (!span.isOpen) return SILENT
  return {
    failed(type, code) {
      span.set({
        'incipit.error.code': code,
        ...(type !== 'tool_error' && { 'rpc.response.status_code': type }),
      })
      span.fail(type)
    },
  }
}

/** Without a trace of its own a message is a part of its HTTP request. */
function isCarrier(meta: unknown): meta is Carrier {
  return typeof meta === 'object' && meta !== null && 'traceparent' in meta
}

const ID_LENGTH = 64
const NAME = /^[a-z0-9][\w-]{0,63}$/
const RESOURCE = /^(?:prompt|category|skill):\/\/[\w./-]{1,200}$/

/** What a method is called for. A text that cannot be a name is whatever a caller wrote, and not told. */
function targetOf(
  method: string,
  params: MethodCall['params'],
): { target?: string | undefined; attributes: Record<string, string | undefined> } {
  const name = nameIn(params.name)
  if (method === 'prompts/get') return { target: name, attributes: { 'gen_ai.prompt.name': name } }
  if (method === 'tools/call') {
    const given = params.arguments
    const prompt =
      typeof given === 'object' && given !== null && 'template_name' in given
        ? nameIn(given.template_name)
        : undefined
    return {
      target: name,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': name,
        'gen_ai.prompt.name': prompt,
      },
    }
  }
  const { uri } = params
  if (method === 'resources/read' && typeof uri === 'string' && RESOURCE.test(uri))
    return { attributes: { 'mcp.resource.uri': uri } }
  return { attributes: {} }
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && NAME.test(value) ? value : undefined
}
