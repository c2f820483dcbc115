import { FileText, ImageIcon, Link2, Volume2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ContentPart, Message, PromptMessage } from '#lib/prompts/content/content.ts'
import { Picture } from './picture.tsx'

const ROLES: Record<Message['role'], string> = { system: 'System', user: 'User', assistant: 'Assistant' }

/** The messages of a chat, each under its role; `renderText` shows a text, source or rendered. */
export function Messages({
  messages,
  renderText,
}: {
  messages: readonly PromptMessage[]
  renderText: (text: string) => ReactNode
}) {
  return (
    <ol className="flex flex-col">
      {messages.map((message, index) => (
        // A message has no other identity than its place.
        <li key={index} className="border-line border-t pt-3 pb-6 first:border-t-0 first:pt-0 last:pb-0">
          <h3 className="mb-2 font-serif text-ink-faint text-lg italic">
            {'type' in message ? 'Placeholder' : ROLES[message.role]}
          </h3>
          {'type' in message ? (
            <p className="text-ink-soft text-sm">
              Messages that are given as <code className="font-mono">{message.name}</code>
              {message.required === false && ', or none'}
            </p>
          ) : typeof message.content === 'string' ? (
            renderText(message.content)
          ) : (
            <Parts parts={message.content} renderText={renderText} />
          )}
        </li>
      ))}
    </ol>
  )
}

function Parts({ parts, renderText }: { parts: ContentPart[]; renderText: (text: string) => ReactNode }) {
  return (
    <div className="flex flex-col gap-3">
      {parts.map((part, index) => (
        <Part key={index} part={part} renderText={renderText} />
      ))}
    </div>
  )
}

export function Part({ part, renderText }: { part: ContentPart; renderText: (text: string) => ReactNode }) {
  switch (part.type) {
    case 'text':
      return renderText(part.text)
    case 'image':
      return (
        <Attachment icon={<ImageIcon aria-hidden="true" />} name={`Image, ${part.mimeType}`}>
          <Picture part={part} />
        </Attachment>
      )
    case 'audio':
      return <Attachment icon={<Volume2 aria-hidden="true" />} name={`Sound, ${part.mimeType}`} />
    case 'resource':
      return (
        <Attachment icon={<FileText aria-hidden="true" />} name="Resource">
          {renderText(part.resource.uri)}
          {part.resource.text !== undefined && <div className="mt-2">{renderText(part.resource.text)}</div>}
          <Picture part={part} />
        </Attachment>
      )
    case 'resource_link':
      return (
        <Attachment icon={<Link2 aria-hidden="true" />} name={`Link, ${part.title ?? part.name}`}>
          {renderText(part.uri)}
          <Picture part={part} />
        </Attachment>
      )
  }
}

function Attachment({ icon, name, children }: { icon: ReactNode; name: string; children?: ReactNode }) {
  return (
    <div className="rounded-md border border-line p-3">
      <p className="flex items-center gap-2 text-ink-soft text-sm [&_svg]:size-4">
        {icon}
        {name}
      </p>
      {children}
    </div>
  )
}
