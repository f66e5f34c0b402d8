// The thread that makes batches beside training ended.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const noBatchesAhead = defineDiagnostic<{ readonly reason: string }>({
  code: "PT7090",
  slug: "no-batches-ahead",
  severity: "warning",
  title: "Batches are not made beside training any more.",
  message: ({ reason }) => `the thread that makes batches ahead gave up: ${reason}`,
  hint: () => "training goes on and makes them itself, with the same result",
  page: "Where making batches takes a noticeable part of the time, a second thread makes them a few steps ahead, from the same files. When it cannot, say because a file was changed or removed after the run began, the run goes on with what it has read: a batch is the same whoever makes it. Nothing is lost but the time. A changed file is refused (PT8005) when the run is resumed.",
  // What the code reports needs a file that changes while a run trains; the failing example shows the command that meets it. Tested in tests/training/ahead.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});
