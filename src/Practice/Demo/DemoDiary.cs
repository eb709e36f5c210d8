using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;

namespace Practice.Demo;

/// <summary>Fills one practitioner's diary: two weeks back, two weeks ahead.</summary>
internal sealed class DemoDiary(ICalendarStore store, IClock clock, Principal practitioner, LocalDate today, int seed)
{
    private static readonly (string Given, string Family)[] Names =
    [
        ("Ada", "Whitcombe"), ("Bram", "Ostrowski"), ("Chidi", "Marlowe"), ("Dina", "Farrugia"), ("Elif", "Karaca"), ("Felix", "Thornbury"),
        ("Grace", "Nakamura"), ("Hugo", "Vandenberg"), ("Isla", "Penhaligon"), ("Jonas", "Brightwater"), ("Keira", "Solomons"),
        ("Luca", "Ferrante"), ("Mina", "Haddad"), ("Noel", "Quigley"), ("Oona", "Castellan"), ("Priya", "Raman"), ("Quentin", "Abara"),
        ("Rosa", "Lindeman"), ("Samir", "Boulos"), ("Tilda", "Eriksen"), ("Uma", "Prescott"), ("Viktor", "Halloran"), ("Wren", "Macready"),
        ("Yusuf", "Delacroix"),
    ];

    private static readonly (string Name, int Minutes, decimal Fee)[] Types =
        [("Initial consultation", 60, 145m), ("Standard consultation", 45, 110m), ("Follow-up", 30, 85m), ("Telehealth review", 30, 80m)];

    private static readonly LocalTime[] Times = [new(9, 0), new(10, 15), new(11, 30), new(14, 30), new(15, 45), new(16, 45)];

    private readonly Diary _diary = new(store, clock, practitioner.Id, DemoPractice.ActorOf(practitioner));
    private readonly LocalDate _monday = today.Previous(IsoDayOfWeek.Monday).PlusWeeks(-1);

    // a stream of its own, and not the framework's: the same numbers in every version
    private uint _state = (uint)seed * 2_654_435_761;

    public async Task FillAsync()
    {
        await SingleAppointmentsAsync();
        await WeeklyPatientAsync();
        await GroupAsync();
        await PersonalAsync();
        await OnlineAsync();
    }

    /// <summary>Some of each day's times; what lies behind has mostly been attended, and one session has an invoice.</summary>
    private async Task SingleAppointmentsAsync()
    {
        List<Task> bookings = [];
        for (var day = 0; day < 28; day++)
        {
            var date = _monday.PlusDays(day);
            if (date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday || date == LeaveDay) continue;
            foreach (var time in Times)
            {
                var (patient, type, chance) = (Next(Names.Length), Next(Types.Length), Next(10));
                if (chance < 5) bookings.Add(SingleAsync(date + time, patient, type, missed: chance == 0));
            }
        }

        await Task.WhenAll(bookings);
        var session = Booking(Previous(IsoDayOfWeek.Friday) + new LocalTime(13, 15), 2, 1);
        var billed = await _diary.BookAsync(session with { Comments = "Brought the referral letter." });
        await _diary.EditAsync(new AppointmentTarget(billed), new AppointmentEdit { Status = AppointmentStatus.Attended });
        await _diary.LinkInvoiceAsync(new AppointmentTarget(billed), $"INV-{2040 + seed}");
    }

    private async Task SingleAsync(LocalDateTime start, int patient, int type, bool missed)
    {
        var id = await _diary.BookAsync(Booking(start, patient, type));
        if (start.Date >= today) return;
        if (missed) await _diary.CancelAsync(new AppointmentTarget(id), CancelChoice.NonAttendance);
        else await _diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Status = AppointmentStatus.Attended });
    }

    /// <summary>A weekly patient: one session moved to the next day, one cancelled.</summary>
    private async Task WeeklyPatientAsync()
    {
        for (var number = 0; number < 2; number++)
        {
            var start = _monday.PlusDays(1 + number) + new LocalTime(13, 0);
            var id = await _diary.BookAsync(Booking(start, 10 + (4 * number) + seed, 1) with
            {
                Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 10 },
                Location = "Room 2",
            });
            var moved = start.PlusWeeks(2);
            await _diary.EditAsync(new AppointmentTarget(id, moved), new AppointmentEdit { Start = moved.PlusDays(1).PlusHours(4) }, SeriesScope.ThisOne);
            await _diary.CancelAsync(new AppointmentTarget(id, start.PlusWeeks(3)), CancelChoice.Cancel, SeriesScope.ThisOne);
        }
    }

    private Task<string> GroupAsync() => _diary.BookAsync(new Booking(
        [PatientOf(4), PatientOf(9), PatientOf(17)], "Group session", _monday.PlusDays(3) + new LocalTime(17, 30), Duration.FromMinutes(60))
    {
        Repeat = new RecurrenceRule(Frequency.Weekly, 2) { ByDay = [new ByDay(0, IsoDayOfWeek.Thursday)], Until = CalendarTime.OfDate(_monday.PlusWeeks(8)) },
        Location = "Group room",
        Fee = 45m,
    });

    private async Task PersonalAsync()
    {
        await _diary.AddPersonalAsync(new PersonalEntry("Staff meeting", _monday + new LocalTime(8, 30), Duration.FromMinutes(30))
        {
            Repeat = new RecurrenceRule(Frequency.Weekly),
            Location = "Kitchen",
            Comments = "Bring the roster.",
        });
        await _diary.AddPersonalAsync(new PersonalEntry("Lunch", _monday + new LocalTime(12, 15), Duration.FromMinutes(40))
        {
            Repeat = new RecurrenceRule(Frequency.Weekly) { ByDay = [.. Enumerable.Range(1, 5).Select(day => new ByDay(0, (IsoDayOfWeek)day))] },
        });
        await _diary.AddPersonalAsync(new PersonalEntry("Supervision", today.PlusDays(2) + new LocalTime(18, 0), Duration.FromMinutes(60)));
        await _diary.AddPersonalAsync(new PersonalEntry("Leave", LeaveDay.AtMidnight(), Duration.FromDays(1)) { AllDay = true });
    }

    private Task<string> OnlineAsync() => _diary.BookAsync(Booking(today.Next(IsoDayOfWeek.Wednesday) + new LocalTime(8, 30), 20 + seed, 0) with
    {
        OnlineBooking = true,
        Comments = "Booked online: first visit.",
    });

    private LocalDate LeaveDay => today.Next(IsoDayOfWeek.Friday);

    private LocalDate Previous(IsoDayOfWeek day) => today.Previous(day);

    private static Booking Booking(LocalDateTime start, int patient, int type) =>
        new([PatientOf(patient)], Types[type].Name, start, Duration.FromMinutes(Types[type].Minutes)) { Fee = Types[type].Fee };

    private static Patient PatientOf(int number)
    {
        var (given, family) = Names[number % Names.Length];
        // numbers that are kept free for fiction
        return new Patient($"PT-{1000 + (number % Names.Length)}", given, family, $"03 5550 {1000 + (number % Names.Length):d4}");
    }

    private int Next(int below)
    {
        _state = (_state * 1_664_525) + 1_013_904_223;
        return (int)((_state >> 16) % (uint)below);
    }
}
