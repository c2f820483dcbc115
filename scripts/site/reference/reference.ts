import GithubSlugger, { slug } from 'github-slugger'
import { escapeHtml as e } from '../html.ts'
import { type Heading, type Passage, type Rendered, renderText } from '../markdown.ts'
import type { ApiDocument } from './document.ts'
import { operationView, type Placed } from './operation-view.ts'
import { fieldItem, insideOf, kindOf, SCHEMAS_PAGE, wordsFor } from './schema-view.ts'

const ROOT = '/docs/api'
const METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete'])

/** The pages of the API reference by their addresses: contents, one for each tag, and the schemas. */
export function referencePages(document: ApiDocument): Map<string, Rendered> {
  const groups = Map.groupBy(operationsOf(document), ({ operation }) => operation.tags[0] ?? 'Others')
  const pages = new Map<string, Rendered>([[ROOT, contentsPage(document, groups)]])
  for (const [tag, operations] of groups)
    pages.set(`${ROOT}/${slug(tag)}`, tagPage(tag, operations, document))
  pages.set(SCHEMAS_PAGE, schemasPage(document))
  return pages
}

function operationsOf({ paths }: ApiDocument): Placed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({ method, path, operation })),
  )
}

function contentsPage({ info, tags = [] }: ApiDocument, groups: Map<string, Placed[]>): Rendered {
  const slugger = new GithubSlugger()
  const headings: Heading[] = []
  const lists = [...groups].map(([tag, operations]) => {
    const id = slugger.slug(tag)
    headings.push({ id, depth: 2, title: tag })
    const about = tags.find(({ name }) => name === tag)?.description
    const items = operations.map(
      ({ method, path, operation }) =>
        `<li><a href="${ROOT}/${slug(tag)}#${e(operation.operationId)}">${e(operation.summary)}</a><br><code><span class="method">${method.toUpperCase()}</span>${e(path)}</code></li>`,
    )
    return `<h2 id="${id}"><a href="${ROOT}/${slug(tag)}">${e(tag)}</a></h2>${about === undefined ? '' : renderText(about)}<ul>${items.join('')}</ul>`
  })
  const title = 'API reference'
  const html = `<h1>${title}</h1>
${renderText(info.description ?? '')}
<p>This is version ${e(info.version)}. The same as a document for programs: <a href="/api/openapi.json">/api/openapi.json</a>. What all operations have in common is told under <a href="/docs/rest">REST</a>, what the answers are made of under <a href="${SCHEMAS_PAGE}">Schemas</a>.</p>
${lists.join('\n')}`
  return { title, html, headings, passages: [{ id: undefined, title, text: 'OpenAPI REST reference' }] }
}

function tagPage(tag: string, operations: readonly Placed[], document: ApiDocument): Rendered {
  const about = document.tags?.find(({ name }) => name === tag)?.description
  const title = `API: ${tag}`
  const html = `<h1>${e(title)}</h1>${about === undefined ? '' : renderText(about)}
${operations.map((each) => operationView(each, document)).join('\n')}`
  const headings = operations.map(({ operation: { operationId: id, summary } }) => ({
    id,
    depth: 2,
    title: summary,
  }))
  const passages = operations.map<Passage>(({ method, path, operation }) => ({
    id: operation.operationId,
    title: operation.summary,
    text: `${method.toUpperCase()} ${path} ${operation.operationId} ${operation.description ?? ''}`,
  }))
  return { title, html, headings, passages }
}

function schemasPage({ components }: ApiDocument): Rendered {
  const schemas = Object.entries(components.schemas ?? {})
  const views = schemas.map(([name, schema]) => {
    const inside = insideOf(schema)
    const told = schema.description === undefined ? '' : renderText(schema.description)
    const kind =
      inside === ''
        ? `<dl class="fields">${fieldItem(wordsFor(name), schema, undefined)}</dl>`
        : `<p class="kind">${kindOf(schema)}</p>${told}${inside}`
    return `<h2 id="${e(name)}">${e(wordsFor(name))}</h2>${kind}`
  })
  const title = 'API: Schemas'
  const headings = schemas.map(([id]) => ({ id, depth: 2, title: wordsFor(id) }))
  const passages = schemas.map<Passage>(([id, { description }]) => ({
    id,
    title: wordsFor(id),
    text: description ?? '',
  }))
  return { title, html: `<h1>${title}</h1>${views.join('\n')}`, headings, passages }
}
