namespace Sandbox.Tests.Halaxy;

/// <summary>
/// The histories of <see cref="In_any_history_of_edits_with_Halaxy"/> with one actor more: a calendar outside that the practitioner has linked, whose user edits, makes and deletes too, and whose link fails and is cut short. In the end
/// Halaxy, the diary and the calendar outside have the same. <c>BRIDGE_HISTORIES</c>, <c>BRIDGE_FIRST</c> (the first seed) and <c>BRIDGE_SEED</c> as there.
/// </summary>
public sealed class In_any_history_with_Halaxy_and_a_linked_calendar
{
    [Fact]
    public Task All_three_agree_in_the_end_but_for_what_is_to_be_done_by_hand_and_nothing_is_lost_or_doubled() => PlayedHistories.PlayAsync(8, [6000], isLinked: true);
}
