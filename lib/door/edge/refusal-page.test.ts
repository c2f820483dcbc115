import { expect, it } from 'vitest'
import { appError } from '../../errors.ts'
import { refusalPage } from './refusal-page.ts'

const told = (...error: Parameters<typeof appError>) => refusalPage(appError(...error), 'id-1').html

it('names what happened and the request, as text', () => {
  const html = told('forbidden', 'Not under <that> name.')
  expect(html).toContain('<p role="alert">Not under &lt;that&gt; name.</p>')
  expect(html).toContain('Request id-1')
  expect(refusalPage(appError('invalid_input', 'x'), '"><script>').html).not.toContain('"><script>')
})

it('names who may give a right that is missing', () => {
  const html = told('forbidden', 'This needs the scope audit:read.', {
    extra: { required_scope: 'audit:read' },
  })
  expect(html).toContain('An admin or an owner of this server can give you the right.')
})

it.each([
  [1, '1 second'],
  [30.2, '31 seconds'],
  [900, '15 minutes'],
])('comes back after %d s, in words: %s', (retryAfter, words) => {
  const html = told('rate_limited', 'Too many.', { retryAfter })
  expect(html).toContain(`comes back by itself in ${words}.`)
  expect(html).toContain(`data-retry="${Math.ceil(retryAfter)}"`)
})

it('never comes back by itself where nothing says when', () => {
  const html = told('forbidden', 'No.')
  expect(html).not.toContain('data-retry=')
  expect(html).not.toContain('http-equiv')
})
