namespace Sandbox.Tests.Halaxy;

/// <summary>
/// People in Halaxy, in the diary and on a phone, hints that are lost, late and doubled, every kind of fault, what Halaxy says it did and did not, and processes that end at any request or write: in the end both sides agree but for
/// what a person is told to do by hand, nothing is doubled and nothing lost. <c>BRIDGE_HISTORIES=2000 dotnet test --project tests/Sandbox.Tests --filter-class "*In_any_history_of_edits_with_Halaxy"</c> plays two thousand; <c>BRIDGE_SEED=17</c> plays one again.
/// </summary>
public sealed class In_any_history_of_edits_with_Halaxy
{
    [Fact]
    public Task Both_sides_agree_in_the_end_but_for_what_is_to_be_done_by_hand_and_nothing_is_lost_or_doubled() => PlayedHistories.PlayAsync(8, [25, 62, 89, 5030, 20054, 40076, 40117, 50012, 50152], isLinked: false);
}
