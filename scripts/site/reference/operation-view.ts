import { highlighted } from '../highlight.ts'
import { escapeHtml as e } from '../html.ts'
import { renderText, write } from '../markdown.ts'
import { type Answer, type ApiDocument, type Content, type Operation, resolved } from './document.ts'
import { fieldItem, insideOf, kindOf } from './schema-view.ts'

/** An operation with its place. */
export interface Placed {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** One operation: what it is for, what it asks for and takes, what it answers. */
export function operationView({ method, path, operation }: Placed, document: ApiDocument): string {
  const { operationId: id, summary, description } = operation
  return `<section class="operation">
<h2 id="${e(id)}">${e(summary)}<a class="anchor" href="#${e(id)}" aria-label="Link to “${e(summary)}”">#</a></h2>
<p><code>${method.toUpperCase()} ${e(path)}</code> <span class="kind">${e(id)}</span></p>
${description === undefined ? '' : renderText(description)}
${scopesView(operation)}
${parametersView(operation, document)}
${bodyView(operation)}
${answersView(operation, document)}
</section>`
}

function scopesView({ security = [] }: Operation): string {
  const scopes = [...new Set(security.flatMap((each) => Object.values(each).flat()))]
  if (scopes.length > 0)
    return `<p>Asks for ${scopes.map((scope) => `<code>${e(scope)}</code>`).join(', ')}, where there are accounts.</p>`
  return ''
}

function parametersView({ parameters = [] }: Operation, document: ApiDocument): string {
  if (parameters.length === 0) return ''
  const items = parameters.map((each) => {
    const { name, in: place, required, description, schema = {} } = resolved(each, document)
    const words = description ?? schema.description
    const told = words === undefined ? schema : { ...schema, description: words }
    return fieldItem(name, told, required, place)
  })
  return `<h3>Parameters</h3><dl class="fields">${items.join('')}</dl>`
}

function bodyView({ requestBody }: Operation): string {
  if (requestBody === undefined) return ''
  return Object.entries(requestBody.content)
    .map(
      ([type, { schema = {}, example }]) =>
        `<h3>Body</h3><p>${kindOf(schema)}, <code>${e(type)}</code></p>${insideOf(schema)}${exampleView(example)}`,
    )
    .join('')
}

function exampleView(example: unknown): string {
  if (example === undefined) return ''
  const children = highlighted(JSON.stringify(example, null, 2), 'json')
  return `<pre tabindex="0"><code>${write(children)}</code></pre>`
}

function answersView({ responses }: Operation, document: ApiDocument): string {
  const rows = Object.entries(responses).map(([status, part]) => {
    const answer = resolved<Answer>(part, document)
    return `<dt><code>${status}</code> <span class="kind">${contentKind(answer.content)}</span></dt><dd>${renderText(answer.description)}${
      status.startsWith('2') ? insideOfContent(answer.content) : ''
    }</dd>`
  })
  return `<h3>Answers</h3><dl class="fields">${rows.join('')}</dl>`
}

function contentKind(content: Content = {}): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (schema === undefined ? e(type) : kindOf(schema)))
    .join(' or ')
}

function insideOfContent(content: Content = {}): string {
  return Object.values(content)
    .map(({ schema = {} }) => insideOf(schema))
    .join('')
}
