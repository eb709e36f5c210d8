using CalDavServer.Web.Pages.Settings.Halaxy;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the pages say of Halaxy is so.</summary>
public sealed class HalaxyWordsTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 1, 0);

    [Theory]
    [InlineData(HalaxyLeft.ToOthers, "In Halaxy it now belongs to somebody else, so it was taken out of this diary.")]
    [InlineData(HalaxyLeft.Deleted, "It was deleted in Halaxy, so it was taken out of this diary too.")]
    [InlineData(HalaxyLeft.No, "It was changed in Halaxy at the same time, so Halaxy’s version was kept.")]
    public void What_left_the_diary_was_not_changed_at_the_same_time(HalaxyLeft left, string because) =>
        Assert.EndsWith(because, HalaxyWords.Of(Lost(MirroredFields.Times) with { Left = left }, DateTimeZone.Utc), StringComparison.Ordinal);

    [Theory]
    [InlineData(true, "In Halaxy, one patient has already attended or missed it, and that is kept. The others, who were still to come, are cancelled there.")]
    [InlineData(false, "so Halaxy’s version was kept.")]
    public void Of_a_group_that_somebody_missed_it_is_said_what_became_of_the_others(bool othersCancelled, string because) =>
        Assert.EndsWith(because, HalaxyWords.Of(Lost(MirroredFields.Status) with { WasCancelled = true, HasTakenPlace = true, OthersCancelled = othersCancelled }, DateTimeZone.Utc), StringComparison.Ordinal);

    [Fact]
    public void Nobody_is_asked_first_while_appointments_come_for_the_first_time()
    {
        HalaxyMatch[] before = [new("maya", "1")], after = [new("maya", "2")];
        Assert.Contains("If there are many, you are asked first.", HalaxyWords.Matched(before, after, isFirst: false), StringComparison.Ordinal);
        var first = HalaxyWords.Matched(before, after, isFirst: true);
        Assert.DoesNotContain("asked", first, StringComparison.Ordinal);
        Assert.EndsWith("Appointments of the person who was matched before are being removed from the diary.", first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, "Yes, take them out of the diaries", "They are taken out of the diaries.")]
    [InlineData(3, "Yes, remove them here too", "They are removed from the diaries too.")]
    [InlineData(0, "Yes, remove them here too", "They are removed from the diaries too.")]
    public void What_waits_since_people_were_matched_otherwise_is_not_removed_here_too(int leaving, string button, string done)
    {
        var held = new HalaxyConnection("group", HalaxyKey.Eu, "client", "secret", At) { State = HalaxyState.DeletionsHeld, HeldDeletions = 12, HeldLeaving = leaving };
        Assert.Equal((button, done), (HalaxyWords.Confirm(held), HalaxyWords.Confirmed(held)));
    }

    private static HalaxyOverruled Lost(MirroredFields fields) => new("group", "1", "maya", "uid", At, fields, At, At + Duration.FromHours(1));
}
