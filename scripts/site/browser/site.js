/* What the pages do besides being read: the search, the theme, the contents. They work without it. */

const THEMES = ['system', 'light', 'dark']
const root = document.documentElement

/** @param {string} selector */
function find(selector) {
  const found = document.querySelector(selector)
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no ${selector}.`)
  return found
}

function offerTheme() {
  const button = find('.theme-button')
  const show = () => {
    button.textContent = `Theme: ${root.dataset.theme ?? 'system'}`
    button.removeAttribute('aria-label')
  }
  button.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? 'system') + 1) % THEMES.length]
    if (next === 'system') delete root.dataset.theme
    else root.dataset.theme = next
    try {
      localStorage.setItem('incipit-theme', next)
    } catch {
      // It holds for this page.
    }
    show()
  })
  show()
  button.hidden = false
}

/** On a wide page the contents stay open; on a narrow one they are closed until they are wanted. */
function openContents() {
  const contents = find('.contents details')
  const wide = matchMedia('(width >= 60rem)')
  const follow = () => contents.toggleAttribute('open', wide.matches)
  wide.addEventListener('change', follow)
  follow()
  find('.contents').dataset.ready = ''
  contents.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
}

function offerSearch() {
  const button = find('.search-button')
  let dialog
  const open = async () => {
    const { searchDialog } = await import(root.dataset.search)
    dialog ??= searchDialog(root.dataset.index)
    dialog.open()
  }
  button.addEventListener('click', () => void open())
  addEventListener('keydown', (event) => {
    const isChord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
    const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea') !== null
    if (!isChord && (!isSlash || isTyping)) return
    event.preventDefault()
    void open()
  })
  button.hidden = false
}

offerTheme()
openContents()
offerSearch()
