import type { Scope } from '../access/actor.ts'
import { roleMay } from '../access/rights.ts'
import type { AdmittedRequest } from '../door/message.ts'
import { appError } from '../errors.ts'
import type { RpcRequest } from './message.ts'
import { isMethod } from './methods.ts'
import { scopeOfTool } from './tools.ts'

/**
 * Refuses a request for which the token of a client has too few scopes, before it is a matter of JSON-RPC: the client
 * asks its person for more, and comes again (2025-11-25, "Scope Challenge Handling"). What the person may not do
 * either is refused later, for to ask would not help.
 * @throws forbidden
 */
export function assertTokenReaches({ record: { identity } }: AdmittedRequest, request: RpcRequest): void {
  if (identity.credential.kind !== 'token') return
  const { scopes, role } = identity
  const scope = scopeOf(request)
  if (scope === undefined || scopes.has(scope) || !roleMay(role, scope)) return
  throw appError('forbidden', `This needs the scope ${scope}, which the person who connected you can give.`, {
    // A client asks for exactly what it is told: what it has already must be among it.
    extra: { required_scope: scope, scope: [...scopes, scope].join(' ') },
  })
}

/** undefined: everybody who is known may. */
function scopeOf({ method, params }: RpcRequest): Scope | undefined {
  if (!isMethod(method)) return undefined
  const tool = method === 'tools/call' ? params?.name : undefined
  return (typeof tool === 'string' ? scopeOfTool(tool) : undefined) ?? 'prompts:read'
}
