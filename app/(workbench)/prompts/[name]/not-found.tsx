import { NoSuchPrompt } from '#components/prompts/no-such-prompt.tsx'

export default function PromptNotFound() {
  return <NoSuchPrompt />
}
