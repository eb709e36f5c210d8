namespace Practice.Diaries;

/// <summary>What is in a diary, counted; a repeating appointment counts once.</summary>
/// <param name="Live">Appointments that are not cancelled.</param>
/// <param name="Served">Those of them that the HX_ calendar shows.</param>
/// <param name="Kept">What was removed outside and kept (R6): appointments and single occurrences, the one that was removed last first.</param>
public sealed record DiarySurvey(int Live, int Served, IReadOnlyList<Appointment> Kept)
{
    /// <summary>How many are in the diary and not in the calendar: those from before the link was made (R5).</summary>
    public int Waiting => Live - Served;
}
