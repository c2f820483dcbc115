import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** A browser's storage, whose keys are its own properties. */
function storage(): Storage {
  const held: Record<string, string> = {}
  const methods = {
    getItem: (key: string) => held[key] ?? null,
    setItem: (key: string, value: string) => void (held[key] = value),
    removeItem: (key: string) => void delete held[key],
  }
  return new Proxy(held, {
    get: (_, key) => methods[key as keyof typeof methods] ?? held[String(key)],
  }) as unknown as Storage
}

/** A document that the server made for somebody, in the browser of the test. */
async function open(person: string, more: Record<string, string> = {}) {
  vi.stubGlobal('document', { documentElement: { dataset: { person, ...more } } })
  vi.resetModules()
  return import('./own-storage.ts')
}

beforeEach(() => {
  vi.stubGlobal('localStorage', storage())
  vi.stubGlobal('sessionStorage', storage())
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

it('keeps things apart by person and workspace', async () => {
  const ann = await open('w1.ann')
  ann.own.write('incipit-recent', 'of Ann')
  ann.ownOfTab.write('incipit-runs:greet', 'hers')
  const elsewhere = await open('w2.ann')
  expect(elsewhere.own.read('incipit-recent')).toBeNull()
  const bob = await open('w1.bob')
  expect(bob.own.read('incipit-recent')).toBeNull()
  expect(bob.own.names()).toEqual([])
  expect(bob.ownOfTab.names()).toEqual([])
  expect((await open('w1.ann')).own.names()).toEqual(['incipit-recent'])
})

it('gives what an older release kept to the local owner, and to nobody else', async () => {
  localStorage.setItem('incipit-recent', 'before accounts')
  localStorage.setItem('incipit-theme', 'dark')
  sessionStorage.setItem('incipit-runs:greet', 'run')
  expect((await open('w.ann')).own.read('incipit-recent')).toBeNull()
  const local = await open('w.local', { isLocal: '' })
  expect(local.own.read('incipit-recent')).toBe('before accounts')
  expect(local.ownOfTab.read('incipit-runs:greet')).toBe('run')
  expect(localStorage.getItem('incipit-recent')).toBeNull()
  expect(localStorage.getItem('incipit-theme')).toBe('dark')
})

it('forgets a person who signs out, but for the drafts that shall stay', async () => {
  const bob = await open('w.bob')
  bob.own.write('incipit-recent', 'his')
  const ann = await open('w.ann')
  ann.own.write('incipit-draft:greet#tab', 'half written')
  ann.own.write('incipit-draft:new#tab', 'without a name')
  ann.own.write('incipit-draft:new#tab:name', 'greeting')
  ann.own.write('incipit-recent', 'hers')
  ann.ownOfTab.write('incipit-runs:greet', 'hers')
  expect(ann.unsavedDrafts()).toEqual(['greet', 'new'])
  ann.clearBrowserState({ keepsDrafts: true })
  // The page goes, and what it holds is written once more.
  ann.own.write('incipit-draft:greet#tab', 'all written')
  ann.own.write('incipit-recent', 'hers')
  const again = await open('w.ann')
  expect(again.own.names()).toEqual([
    'incipit-draft:greet#tab',
    'incipit-draft:new#tab',
    'incipit-draft:new#tab:name',
  ])
  expect(again.own.read('incipit-draft:greet#tab')).toBe('all written')
  expect(again.ownOfTab.names()).toEqual([])
  again.clearBrowserState({ keepsDrafts: false })
  again.own.write('incipit-draft:greet#tab', 'written once more')
  expect((await open('w.ann')).own.names()).toEqual([])
  expect((await open('w.bob')).own.read('incipit-recent')).toBe('his')
})

it('another tab of the person learns of it, and forgets what it held', async () => {
  const tab = await open('w.ann')
  tab.tellPerson()
  expect(tab.hasLeft()).toBe(false)
  const other = await open('w.ann')
  other.clearBrowserState({ keepsDrafts: false })
  tab.ownOfTab.write('incipit-runs:greet', 'hers')
  expect(tab.hasLeft()).toBe(true)
  expect(tab.ownOfTab.names()).toEqual([])
  tab.own.write('incipit-draft:greet#tab', 'written once more')
  expect(tab.own.names()).toEqual([])
})

it('a page of somebody else means that the person has left; one of the same person does not', async () => {
  const ann = await open('w.ann')
  ann.tellPerson()
  ;(await open('w.ann')).tellPerson()
  expect(ann.hasLeft()).toBe(false)
  ;(await open('w.bob')).tellPerson()
  expect(ann.hasLeft()).toBe(true)
})

it('a document that was made for nobody is that of whoever signs in on it, and of nobody after that', async () => {
  const page = await open('nobody')
  expect(page.ownKey('x')).toBe('nobody/x')
  document.documentElement.dataset.person = 'w.ann'
  expect(page.ownKey('x')).toBe('w.ann/x')
  document.documentElement.dataset.person = 'w.bob'
  expect(page.ownKey('x')).toBe('w.ann/x')
})
