import MiniSearch from 'minisearch'
import { SEARCH_OPTIONS } from './search-options.js'

/** As many as can be looked over. */
const MOST = 12

const FORM = `<form method="dialog">
<input type="search" role="combobox" aria-label="Search the documentation" aria-controls="found" aria-expanded="false"
  aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="Search the documentation">
<button>Close</button>
</form>
<p class="told" role="status"></p>
<div id="found" role="listbox" aria-label="Found"></div>`

/**
 * The dialog of the search. The index is loaded once; what is typed goes nowhere.
 * @param {string} indexAddress
 */
export function searchDialog(indexAddress) {
  const dialog = document.createElement('dialog')
  dialog.className = 'search'
  dialog.setAttribute('aria-label', 'Search')
  dialog.innerHTML = FORM
  document.body.append(dialog)
  const [field, told, list] = ['input', '.told', '#found'].map((each) => dialog.querySelector(each))
  const loading = loadIndex(indexAddress)
  loading.then(
    () => search(),
    () => {
      told.textContent = 'The search could not be loaded. Load the page again.'
    },
  )
  let index
  let chosen = 0

  async function search() {
    index ??= await loading
    const text = field.value.trim()
    const all = text === '' ? [] : index.search(text)
    const found = all.slice(0, MOST)
    list.replaceChildren(...found.map(option))
    told.textContent = text === '' ? '' : outcome(text, all.length)
    field.setAttribute('aria-expanded', String(found.length > 0))
    choose(0)
  }

  function choose(number) {
    const options = [...list.children]
    chosen = options.length === 0 ? 0 : (number + options.length) % options.length
    for (const [at, each] of options.entries()) each.setAttribute('aria-selected', String(at === chosen))
    if (options[chosen] === undefined) field.removeAttribute('aria-activedescendant')
    else field.setAttribute('aria-activedescendant', options[chosen].id)
    options[chosen]?.scrollIntoView({ block: 'nearest' })
  }

  field.addEventListener('input', () => void search())
  field.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      choose(chosen + step)
    } else if (event.key === 'Escape') {
      // A browser would only empty the field.
      event.preventDefault()
      dialog.close()
    } else if (event.key === 'Enter') {
      event.preventDefault()
      list.children[chosen]?.click()
    }
  })
  // A link to the page that is open moves within it.
  list.addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  return {
    open() {
      if (!dialog.open) dialog.showModal()
      field.focus()
      field.select()
    },
  }
}

function outcome(text, count) {
  if (count === 0) return `Nothing has “${text}”.`
  return count > MOST ? `The best ${MOST} of ${count}` : `${count} found`
}

async function loadIndex(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`The index answers ${answer.status}.`)
  return MiniSearch.loadJSON(await answer.text(), SEARCH_OPTIONS)
}

function option({ address, page, title }, number) {
  const link = document.createElement('a')
  link.href = address
  link.id = `found-${number}`
  link.tabIndex = -1
  link.setAttribute('role', 'option')
  const [name, place] = [document.createElement('strong'), document.createElement('span')]
  name.textContent = title
  place.textContent = page === title ? '' : page
  link.append(name, place)
  return link
}
