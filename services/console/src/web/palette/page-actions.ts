import type { Entry } from './entries';

/** What the buttons of the page do: all that somebody sees, and nothing that it has no button for. */
export function pageActions(): readonly Entry[] {
  return [...document.querySelectorAll<HTMLButtonElement>('main button:not(:disabled)')].filter((button) => button.checkVisibility()).map((button) => {
    const label = labelOf(button);
    const press = (): void => {
      // The page is live: what was shown may have gone, or be another button by now.
      if (!button.isConnected || labelOf(button) !== label) return;
      button.focus();
      button.click();
    };
    return { group: 'On this page', label, about: placeOf(button), choose: press };
  });
}

const labelOf = (button: HTMLButtonElement): string => button.getAttribute('aria-label') ?? button.textContent.trim();

/** The part of the page that it stands in, by its name. */
function placeOf(button: HTMLButtonElement): string {
  const part = button.parentElement?.closest('[aria-label], [aria-labelledby]');
  return part?.getAttribute('aria-label') ?? document.getElementById(part?.getAttribute('aria-labelledby') ?? '')?.textContent ?? '';
}
