import type { WebhookForm } from '../rules.ts'

/** What is posted, before it is signed. */
export interface Shaped {
  body: string
  headers: Record<string, string>
}

/**
 * An event in the form that its receiver takes. GitHub's `POST /repos/{owner}/{repo}/dispatches` and GitLab's
 * `POST /projects/{id}/ref/{ref}/trigger/pipeline` start a workflow with it.
 * @param body the event as JSON, see `EventBody`
 * @param authorization the header Authorization; of GitLab the trigger token, which stands in the body
 */
export function shape(form: WebhookForm, body: string, authorization: string | undefined): Shaped {
  if (form === 'gitlab') return { body: JSON.stringify(pipelineOf(body, authorization)), headers: {} }
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
  if (form === 'incipit') return { body, headers }
  const { type, ...payload } = read(body)
  return {
    body: JSON.stringify({ event_type: type, client_payload: { type, ...payload } }),
    headers: { ...headers, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
  }
}

/** Variables of a pipeline are texts. */
function pipelineOf(body: string, token: string | undefined): object {
  const variables = { INCIPIT_EVENT: read(body).type, INCIPIT_PAYLOAD: body }
  return { ...(token !== undefined && { token }), variables }
}

/** Only what this app wrote itself is read. */
function read(body: string): { type: string } & Record<string, unknown> {
  return JSON.parse(body)
}
