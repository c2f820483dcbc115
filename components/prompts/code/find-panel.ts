import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  SearchQuery,
  selectMatches,
  setSearchQuery,
} from '@codemirror/search'
import type { EditorView, Panel, ViewUpdate } from '@codemirror/view'

/** More are not counted: the text may be very long. */
const MOST_COUNTED = 999

/** The elements of the panel that hold a search query. */
interface Fields {
  find: HTMLInputElement
  replace: HTMLInputElement
  count: HTMLOutputElement
  options: Record<'caseSensitive' | 'wholeWord' | 'regexp', ReturnType<typeof option>>
}

/** Find and replace as the rest of the page looks, with the number of matches. */
export function createFindPanel(view: EditorView): Panel {
  const fields = createFields()
  const dom = createPanelElement(view, fields)
  const commit = () => {
    const query = queryOf(fields)
    if (!query.eq(getSearchQuery(view.state))) view.dispatch({ effects: setSearchQuery.of(query) })
  }
  dom.addEventListener('input', commit)
  dom.addEventListener('change', commit)
  dom.addEventListener('keydown', (event) => {
    if (!onKey(event, view, fields.replace)) return
    event.preventDefault()
    event.stopPropagation()
  })
  showQuery(view, fields)
  return {
    dom,
    top: true,
    mount: () => fields.find.select(),
    update: (update: ViewUpdate) => {
      if (
        update.docChanged ||
        update.transactions.some(({ effects }) => effects.some((effect) => effect.is(setSearchQuery)))
      )
        showQuery(view, fields)
    },
  }
}

function createFields(): Fields {
  const find = field('Find')
  find.setAttribute('main-field', 'true')
  const count = document.createElement('output')
  count.className = 'cm-find-count'
  const options = {
    caseSensitive: option('Match case'),
    wholeWord: option('Whole word'),
    regexp: option('Regular expression'),
  }
  return { find, replace: field('Replace with'), count, options }
}

function createPanelElement(view: EditorView, { find, replace, count, options }: Fields): HTMLDivElement {
  const dom = document.createElement('div')
  dom.className = 'cm-search'
  dom.setAttribute('role', 'search')
  dom.setAttribute('aria-label', 'Find in the text')
  dom.append(
    row(
      find,
      count,
      button('Previous', () => findPrevious(view)),
      button('Next', () => findNext(view)),
      button('Select all', () => selectMatches(view)),
      button('Close', () => closeSearchPanel(view)),
    ),
    row(
      replace,
      button('Replace', () => replaceNext(view)),
      button('Replace all', () => replaceAll(view)),
    ),
    row(...Object.values(options).map(({ label }) => label)),
  )
  return dom
}

function queryOf({ find, replace, options }: Fields): SearchQuery {
  return new SearchQuery({
    search: find.value,
    replace: replace.value,
    caseSensitive: options.caseSensitive.box.checked,
    wholeWord: options.wholeWord.box.checked,
    regexp: options.regexp.box.checked,
  })
}

/** Shows the query of the editor's state, which keys and other panels change, too. */
function showQuery(view: EditorView, { find, replace, count, options }: Fields): void {
  const query = getSearchQuery(view.state)
  if (find.value !== query.search) find.value = query.search
  if (replace.value !== query.replace) replace.value = query.replace
  for (const [name, { box }] of Object.entries(options)) box.checked = query[name as keyof typeof options]
  count.textContent = countMatches(view, query)
}

/** Enter finds on, with Shift back; Alt+Enter selects all places; Escape closes. */
function onKey(event: KeyboardEvent, view: EditorView, replace: HTMLInputElement): boolean {
  if (event.key === 'Escape') return closeSearchPanel(view)
  if (
    event.key !== 'Enter' ||
    !(event.target instanceof HTMLInputElement) ||
    event.target.type === 'checkbox'
  )
    return false
  if (event.altKey) selectMatches(view)
  else if (event.target === replace) replaceNext(view)
  else if (event.shiftKey) findPrevious(view)
  else findNext(view)
  return true
}

function countMatches(view: EditorView, query: SearchQuery): string {
  if (query.search === '') return ''
  if (!query.valid) return 'Not a regular expression'
  const cursor = query.getCursor(view.state)
  let found = 0
  while (found <= MOST_COUNTED && !cursor.next().done) found += 1
  if (found === 0) return 'Not found'
  return found > MOST_COUNTED ? `more than ${MOST_COUNTED}` : `${found} found`
}

function field(name: string): HTMLInputElement {
  const input = document.createElement('input')
  input.className = 'cm-textfield'
  input.placeholder = name
  input.setAttribute('aria-label', name)
  return input
}

function button(name: string, press: () => unknown): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = 'cm-button'
  made.textContent = name
  made.addEventListener('click', press)
  return made
}

function option(name: string): { label: HTMLLabelElement; box: HTMLInputElement } {
  const label = document.createElement('label')
  const box = document.createElement('input')
  box.type = 'checkbox'
  label.append(box, name)
  return { label, box }
}

function row(...parts: HTMLElement[]): HTMLDivElement {
  const made = document.createElement('div')
  made.className = 'cm-find-row'
  made.append(...parts)
  return made
}
