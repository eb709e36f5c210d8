using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Diaries;

/// <summary>What is in a diary.</summary>
public static class Queries
{
    /// <summary>
    /// Everything in the diary that overlaps [from, until), by start: what is served outside, and what is cancelled, kept, or not served
    /// yet. All of it, or a refusal.
    /// </summary>
    /// <exception cref="DiaryException">There is no such practitioner, or there is more than is listed at once (<see cref="DiaryFault.TooMuch"/>).</exception>
    public static async Task<IReadOnlyList<Appointment>> ListAsync(this Diary diary, Instant from, Instant until, CancellationToken cancellationToken = default)
    {
        var budget = DiaryBudget.OfList(cancellationToken);
        var found = await ListAsync(diary, from, until, budget);
        return budget.Exceeded ? throw new DiaryException(DiaryFault.TooMuch, "There is more in the diary in this time than is listed at once: ask for a shorter time.") : found;
    }

    /// <summary>The same as far as a budget goes.</summary>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static Task<IReadOnlyList<Appointment>> ListAsync(this Diary diary, Instant from, Instant until, DiaryBudget budget) => ListAsync(diary, from, until, budget, default(Filter));

    /// <summary>The same of what some rows have: the others are not read, and cost nothing of the budget.</summary>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static Task<IReadOnlyList<Appointment>> ListAsync(this Diary diary, Instant from, Instant until, DiaryBudget budget, Func<ObjectRow, bool> rows) => ListAsync(diary, from, until, budget, new Filter(rows, null));

    private static async Task<IReadOnlyList<Appointment>> ListAsync(Diary diary, Instant from, Instant until, DiaryBudget budget, Filter filter)
    {
        ArgumentNullException.ThrowIfNull(budget);
        using var snapshot = await diary.Store.OpenSnapshotAsync(budget.Cancelled);
        var desk = await diary.OpenAsync(snapshot);
        List<Appointment> found = [];
        HashSet<string> seen = [];
        try
        {
            await foreach (var stored in snapshot.ListCandidatesAsync(desk.Hx.Id, "VEVENT", from, until))
            {
                seen.Add(stored.Row.Name);
                if (filter.Takes(stored.Row)) Read(diary, desk, stored, from, until, found, budget, filter.Wanted);
            }
        }
        catch (CorruptObjectException)
        {
            await ReadOneByOneAsync(diary, desk, from, until, found, seen, budget, filter);
        }

        return [.. found.OrderBy(appointment => appointment.Start.ToInstant()).ThenBy(appointment => appointment.Id, StringComparer.Ordinal)];
    }

    /// <summary>What overlaps [from, until) and has a text in its title, type, patients or location: all words of it. At most so many, by start.</summary>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static async Task<IReadOnlyList<Appointment>> SearchAsync(this Diary diary, string text, Instant from, Instant until, int limit, bool latestFirst = false, DiaryBudget? budget = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var found = await ListAsync(diary, from, until, budget ?? DiaryBudget.OfList(), new Filter(null, appointment => words.All(word => Says(appointment, word))));
        return [.. (latestFirst ? found.Reverse() : found).Take(limit)];
    }

    private static bool Says(Appointment appointment, string word)
    {
        bool Has(string? text) => text?.Contains(word, StringComparison.CurrentCultureIgnoreCase) == true;
        return Has(appointment.Title) || Has(appointment.Type) || Has(appointment.Location)
            || appointment.Patients.Any(patient => Has(patient.FullName) || Has(patient.Reference));
    }

    /// <summary>The list has ended at an appointment that is damaged on the disk: it is shown as such, and the rest as always.</summary>
    private static async Task ReadOneByOneAsync(
        Diary diary, Desk desk, Instant from, Instant until, List<Appointment> found, HashSet<string> seen, DiaryBudget budget, Filter filter)
    {
        await foreach (var row in desk.Snapshot.ListRowsAsync(desk.Hx.Id))
        {
            if (seen.Contains(row.Name) || row.Index.Start >= until || row.Index.End <= from || !filter.Takes(row)) continue;
            try
            {
                if (await desk.Snapshot.FindObjectAsync(desk.Hx.Id, row.Name) is { } stored) Read(diary, desk, stored, from, until, found, budget, filter.Wanted);
            }
            catch (CorruptObjectException)
            {
                found.Add(AppointmentReader.Damaged(row, desk.Zone));
            }
        }
    }

    private static void Read(Diary diary, Desk desk, StoredObject stored, Instant from, Instant until, List<Appointment> found, DiaryBudget budget, Func<Appointment, bool>? wanted)
    {
        var before = found.Count;
        try
        {
            var expansion = budget.Begin(stored.Row.Index.Recurring);
            foreach (var appointment in new AppointmentReader(stored, desk.Zone, !diary.IsOwner).Between(from, until, expansion, wanted))
            {
                if (!budget.TryTake(appointment)) return;
                found.Add(appointment);
            }

            budget.End(expansion);
        }
        catch (FormatException)
        {
            found.RemoveRange(before, found.Count - before);
            found.Add(AppointmentReader.Damaged(stored.Row, desk.Zone));
        }
    }

    /// <summary>One appointment: the whole of it, or one occurrence.</summary>
    /// <exception cref="DiaryException">There is no such practitioner, appointment or occurrence, or its version is another.</exception>
    /// <exception cref="FormatException">What is stored cannot be read.</exception>
    public static async Task<Appointment> GetAsync(this Diary diary, AppointmentTarget target, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var snapshot = await diary.Store.OpenSnapshotAsync(cancelled);
        var desk = await diary.OpenAsync(snapshot);
        var held = await desk.FindAsync(target);
        var stored = await snapshot.FindObjectAsync(desk.Hx.Id, held.Row.Name);
        return new AppointmentReader(stored!, desk.Zone, !diary.IsOwner).Read(target.Occurrence);
    }

    /// <summary>What was done to an appointment, oldest first.</summary>
    public static async Task<IReadOnlyList<AuditEntry>> HistoryAsync(this Diary diary, string id, CancellationToken cancelled = default)
    {
        using var snapshot = await diary.Store.OpenSnapshotAsync(cancelled);
        return await DiaryAudit.HistoryAsync(snapshot, diary.KeyOf(id));
    }

    /// <summary>What of a diary is read, and listed.</summary>
    /// <param name="Rows">Which rows are read; null for all.</param>
    /// <param name="Wanted">Which appointments are listed; null for all.</param>
    private readonly record struct Filter(Func<ObjectRow, bool>? Rows, Func<Appointment, bool>? Wanted)
    {
        public bool Takes(ObjectRow row) => Rows?.Invoke(row) != false;
    }
}
