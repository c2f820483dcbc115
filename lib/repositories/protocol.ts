import { admitUnknown } from '../door/admit.ts'
import { readBody } from '../door/body.ts'
import type { Protocol } from '../door/pass.ts'
import { problemAnswer } from '../door/problem.ts'
import { appError } from '../errors.ts'
import { readTrace } from '../id.ts'
import { repositoryHookContract } from './contract.ts'
import { hearPush } from './hook/hear-push.ts'

/** What a git host tells of a repository, below /api/repositories/{id}/hook: open to everybody who signs. */
export const hookProtocol: Protocol = {
  name: 'rest',
  allow: 'POST',
  admit(request) {
    request.record.route = repositoryHookContract.path
    request.record.trace = readTrace(request.header('traceparent'))
    admitUnknown(request, { mayNavigate: false })
    return request
  },
  async answer(request) {
    if (request.method !== 'POST')
      throw appError('method_not_allowed', `${request.method} is not possible here: POST.`)
    const body = await readBody(request)
    const id = request.path.split('/').at(-2) ?? ''
    const answer = await hearPush({ id, header: (name) => request.header(name), body })
    return {
      status: repositoryHookContract.status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify(answer),
    }
  },
  refuse(error, request) {
    const answer = problemAnswer(error, request)
    return answer.status === 405 ? { ...answer, headers: { ...answer.headers, allow: 'POST' } } : answer
  },
}
