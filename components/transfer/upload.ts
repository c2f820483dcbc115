/** Sends like `fetch`, and tells how many bytes are out. */
export function fetchTelling(onSent: (sent: number, total: number) => void): typeof fetch {
  return (address, { method = 'GET', headers, body, signal } = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open(method, address instanceof Request ? address.url : address)
      for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value)
      request.responseType = 'blob'
      request.upload.addEventListener('progress', ({ loaded, total }) => onSent(loaded, total))
      request.upload.addEventListener('load', ({ total }) => onSent(total, total))
      request.addEventListener('load', () => resolve(answerOf(request)))
      request.addEventListener('error', () => reject(new TypeError('The request was broken off')))
      request.addEventListener('abort', () =>
        reject(signal?.reason ?? new TypeError('The request was stopped')),
      )
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', () => request.abort(), { once: true })
      // Nothing here streams its body, which is all that the two types do not share.
      request.send((body ?? null) as XMLHttpRequestBodyInit | null)
    })
}

function answerOf(request: XMLHttpRequest): Response {
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/)
  const headers = lines.flatMap((line): [string, string][] => {
    const at = line.indexOf(':')
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()]]
  })
  const body: unknown = request.response
  return new Response(body instanceof Blob ? body : null, { status: request.status, headers })
}
