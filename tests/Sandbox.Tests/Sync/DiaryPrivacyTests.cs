using NodaTime;
using Practice;
using Practice.Diaries;

namespace Sandbox.Tests.Sync;

/// <summary>P9: the words of an appointment that is made private in the diary are gone from the service's calendar, and back when it is public again.</summary>
public abstract class What_is_made_private_in_the_diary
{
    private protected abstract Task<OutsideLink> StartAsync(PrivacyLevel level);

    [Fact]
    public async Task P9_Is_busy_at_the_service_until_it_is_public_again()
    {
        await using var link = await StartAsync(PrivacyLevel.FullName);
        var target = new AppointmentTarget(await link.Diary.AddPersonalAsync(
            new PersonalEntry("zebratitle", new LocalDateTime(2026, 3, 3, 10, 0), Duration.FromMinutes(45)) { Comments = "zebranotes", Location = "zebraplace" }));
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 zebratitle"], await link.ThereAsync());
        await link.Diary.EditAsync(target, new AppointmentEdit { Private = true });
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 Busy"], await link.ThereAsync());
        Assert.DoesNotContain("zebra", string.Join('\n', (await link.SeenAsync()).Select(one => one.ToJsonString())), StringComparison.Ordinal);
        await link.Diary.EditAsync(target, new AppointmentEdit { Private = false });
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 zebratitle"], await link.ThereAsync());
        Assert.Empty(await link.ConflictsAsync());
    }
}

public sealed class What_is_made_private_in_the_diary_at_Google : What_is_made_private_in_the_diary
{
    private protected override Task<OutsideLink> StartAsync(PrivacyLevel level) => GoogleLink.StartAsync(level);
}

public sealed class What_is_made_private_in_the_diary_at_Microsoft : What_is_made_private_in_the_diary
{
    private protected override Task<OutsideLink> StartAsync(PrivacyLevel level) => MicrosoftLink.StartAsync(level);
}
