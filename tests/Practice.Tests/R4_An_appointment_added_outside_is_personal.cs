using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>R4.</summary>
public sealed class R4_An_appointment_added_outside_is_personal : PracticeFixture
{
    private const string Dentist = "DTSTART:20260304T020000Z\nDTEND:20260304T030000Z\nSUMMARY:Dentist\nX-NOTE:mine";

    [Fact]
    public async Task It_appears_in_the_diary_with_its_title_and_where_it_comes_from()
    {
        var sent = Event("added-1", Dentist);
        Assert.True(Assert.IsType<HxAccepted>(await PutAsync(sent)).StoredAsSent);
        var appointment = Assert.Single(await ListAsync());
        Assert.Equal((AppointmentKind.Personal, "Dentist", "Maya's phone"), (appointment.Kind, appointment.Title, appointment.Origin));
        Assert.Equal(new(2026, 3, 4, 13, 0), appointment.Start.LocalDateTime);
        Assert.Equal(sent, await ReadAsync("added-1"));
        Assert.DoesNotContain("Dentist", await ReadAsync("added-1", PrivacyLevel.FirstName), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_pretends_otherwise_adds_a_personal_appointment_all_the_same()
    {
        await Diary.BookAsync(Session);
        var copied = (await ReadAsync((await ListAsync())[0].Id))!.Replace((await ListAsync())[0].Id, "pretender", StringComparison.Ordinal);
        await PutAsync(copied);
        Assert.Equal(AppointmentKind.Personal, (await GetAsync("pretender")).Kind);
    }

    [Fact]
    public async Task Everything_of_it_may_be_edited_outside()
    {
        await PutAsync(Event("added-1", Dentist), PrivacyLevel.Busy);
        var sent = Event("added-1", "DTSTART;VALUE=DATE:20260306\nSUMMARY:Beach\nDESCRIPTION:towels\nATTENDEE:mailto:friend@example.com\nRRULE:FREQ=DAILY;COUNT=2");
        Assert.True(Assert.IsType<HxAccepted>(await PutAsync(sent, PrivacyLevel.Busy)).StoredAsSent);
        Assert.Equal(sent, await ReadAsync("added-1"));
        var all = await ListAsync();
        Assert.Equal(2, all.Count);
        Assert.All(all, appointment => Assert.Equal(("Beach", true, "towels"), (appointment.Title, appointment.AllDay, appointment.Comments)));
    }

    [Fact]
    public async Task Removed_outside_it_is_deleted()
    {
        await PutAsync(Event("added-1", Dentist));
        await RemoveAsync("added-1");
        Assert.Null(await FindAsync("added-1"));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Only_the_diary_turns_it_into_a_patient_appointment_and_then_its_text_is_hidden()
    {
        await PutAsync(Event("added-1", Dentist + "\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Reminder\nTRIGGER:-PT10M\nEND:VALARM"), PrivacyLevel.Initials);
        await Diary.ConvertToPatientAsync(new AppointmentTarget("added-1"), [Jane], "Initial consultation", 145m);
        var appointment = await GetAsync("added-1");
        Assert.Equal((AppointmentKind.Patient, "Initial consultation · Jane Brownlow", "Dentist"), (appointment.Kind, appointment.Title, appointment.Comments));
        var shown = (await ReadAsync("added-1", PrivacyLevel.Initials))!;
        Assert.Contains("SUMMARY:Initial consultation · JB", shown, StringComparison.Ordinal);
        Assert.Contains("TRIGGER:-PT10M", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("X-NOTE", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Dentist", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("VALARM", await ReadAsync("added-1", PrivacyLevel.Type), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_converted_once()
    {
        var id = await Diary.BookAsync(Session);
        var error = await Assert.ThrowsAsync<DiaryException>(() => Diary.ConvertToPatientAsync(new AppointmentTarget(id), [Jane], "Type"));
        Assert.Equal(DiaryFault.Conflict, error.Fault);
    }
}
