import { useEffect, useRef } from 'preact/hooks';
import { closeReport, openReport, report, reportNote } from '../state/report.js';

/** The report of an evaluation, in the place of the images. */
export function Report() {
  const place = useRef<HTMLDivElement>(null);
  const { contents } = report.value ?? { contents: [] };
  useEffect(() => place.current?.replaceChildren(...contents), [contents]);
  return (
    <>
      <p class="report-bar">
        <button type="button" onClick={closeReport}>
          Close the report
        </button>
        <span>Drop the folder of its images here to see them beside their captions.</span>
      </p>
      <div class="report" ref={place} />
    </>
  );
}

/** Opens a report from a file. */
export function ReportButton() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="quiet" onClick={() => input.current?.click()}>
        Open report
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept=".json,.html,application/json,text/html"
        data-testid="report-file"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void openReport(file);
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** What became of a report that was opened. */
export function ReportNote() {
  return reportNote.value === '' ? null : (
    <p class="left-out" data-testid="report-note">
      {reportNote}
    </p>
  );
}
