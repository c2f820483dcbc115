/** Lets the browser save a text as a file. */
export function saveText(text: string, fileName: string, type: `${string}/${string}`): void {
  saveBlob(new Blob([text], { type: `${type};charset=utf-8` }), fileName)
}

/** Lets the browser save a file that is in its memory. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
