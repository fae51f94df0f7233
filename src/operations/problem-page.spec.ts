import { PROBLEMS } from '../common/problem.catalogue.js';
import { prefersPage, problemPage } from './problem-page.js';

describe('the page of a refusal', () => {
  it('says in words what happened and what to do', () => {
    const page = problemPage('slot-unavailable', PROBLEMS['slot-unavailable']);
    expect(page).toContain('<h1>The time is taken</h1>');
    expect(page).toContain('Pick one of');
    expect(page).toContain('<code>slot-unavailable</code>');
  });

  it('shows words as words, never as markup', () => {
    const page = problemPage('conflict', { status: 409, title: 'a < b & c > d', remedy: '<b>' });
    expect(page).toContain('a &lt; b &amp; c &gt; d');
    expect(page).not.toContain('<b>');
  });

  it('is for browsers; programs get JSON', () => {
    expect(prefersPage('text/html,application/xhtml+xml;q=0.9,*/*;q=0.8')).toBe(true);
    expect(prefersPage('*/*')).toBe(false);
    expect(prefersPage('application/json')).toBe(false);
    expect(prefersPage(undefined)).toBe(false);
  });
});
