/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The UART, and lines on it. The boot loader has set speed and pins; only what
 * QEMU leaves off without a loader is switched on here. To add a UART, add a
 * line to `uarts` and its name to settings.cmake.
 */
#include <stdarg.h>
#include "bringup.h"

enum uart_name { pl011, ns16550, exynos4210, meson, cadence, com1 };

/* A byte may go to `data` while (status & mask) == ready. Offsets in bytes. */
static const struct uart {
    uint32_t status, mask, ready, data;
    uint32_t control, clear, set;       /* to enable the sender, when set != 0 */
} uarts[] = {
    /* Arm DDI 0183: UARTFR.TXFF; UARTCR.UARTEN and TXE. */
    [pl011] = { .status = 0x18, .mask = 1u << 5, .ready = 0, .data = 0x00,
                .control = 0x30, .set = 1u << 8 | 1u << 0 },
    /* TL16C550C: LSR.THRE. The distance of the registers differs by board. */
    [ns16550] = { .status = 5u << UART_SHIFT, .mask = 1u << 5, .ready = 1u << 5, .data = 0 },
    /* Exynos 5 manual: UTRSTAT "transmit buffer empty", UTXH. */
    [exynos4210] = { .status = 0x10, .mask = 1u << 1, .ready = 1u << 1, .data = 0x20 },
    /* Amlogic S905 datasheet: UART_STATUS "transmit FIFO full", UART_WFIFO. */
    [meson] = { .status = 0x0c, .mask = 1u << 21, .ready = 0, .data = 0x00 },
    /* Xilinx UG1087: Channel_sts.TXFULL; Control.TXEN without TXDIS. */
    [cadence] = { .status = 0x2c, .mask = 1u << 4, .ready = 0, .data = 0x30,
                  .control = 0x00, .clear = 1u << 5, .set = 1u << 4 },
    /* The PC's 16550, in port space. */
    [com1] = { .status = 5, .mask = 1u << 5, .ready = 1u << 5, .data = 0 },
};

#if defined(__i386__) || defined(__x86_64__)
static uint32_t get(uint32_t offset)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"((uint16_t)(UART_BASE + offset)));
    return value;
}

static void put(uint32_t offset, uint32_t value)
{
    __asm__ volatile("outb %0, %1" :: "a"((uint8_t)value), "Nd"((uint16_t)(UART_BASE + offset)));
}
#else
/* Registers one byte apart are byte registers; all others take words. */
#if UART_SHIFT == 0
typedef volatile uint8_t *reg_t;
#else
typedef volatile uint32_t *reg_t;
#endif

static uint32_t get(uint32_t offset)
{
    return *(reg_t)(uintptr_t)(UART_BASE + offset);
}

static void put(uint32_t offset, uint32_t value)
{
    *(reg_t)(uintptr_t)(UART_BASE + offset) = value;
}
#endif

static void put_char(char c)
{
    const struct uart *uart = &uarts[UART];

    while ((get(uart->status) & uart->mask) != uart->ready) {
    }
    put(uart->data, (uint8_t)c);
}

void console_open(void)
{
    const struct uart *uart = &uarts[UART];

    if (UART == com1) {
        /* No loader promises a PC's serial line: 115200 baud, 8N1, FIFO on. */
        static const uint8_t setup[][2] = {
            { 1, 0 }, { 3, 0x80 }, { 0, 1 }, { 1, 0 }, { 3, 0x03 }, { 2, 0x07 }, { 4, 0x03 },
        };
        for (size_t i = 0; i < sizeof(setup) / sizeof(setup[0]); i++) {
            put(setup[i][0], setup[i][1]);
        }
    }
    if (uart->set) {
        put(uart->control, (get(uart->control) & ~uart->clear) | uart->set);
    }
    put_char('\r');             /* the loader may have left half a line */
    put_char('\n');
}

static void put_text(const char *text)
{
    for (; *text; text++) {     /* from outside: keep the terminal safe */
        put_char(*text >= ' ' && *text <= '~' ? *text : '?');
    }
}

static void put_decimal(unsigned value)
{
    char digits[11];
    char *first = &digits[10];

    *first = '\0';
    do {
        *--first = (char)('0' + value % 10);
    } while (value /= 10);
    put_text(first);
}

static void put_hex(uint64_t value)
{
    int shift = 60;

    while (shift > 0 && !(value >> shift)) {
        shift -= 4;
    }
    put_text("0x");
    for (; shift >= 0; shift -= 4) {
        put_char("0123456789abcdef"[(value >> shift) & 15]);
    }
}

static void put_line(const char *outcome, const char *format, va_list values)
{
    put_text("bringup: ");
    put_text(outcome);
    for (; *format; format++) {
        if (*format != '%') {
            put_char(*format);
        } else if (*++format == 's') {
            put_text(va_arg(values, const char *));
        } else if (*format == 'u') {
            put_decimal(va_arg(values, unsigned));
        } else {
            put_hex(va_arg(values, uint64_t));
        }
    }
    put_char('\r');
    put_char('\n');
}

void say(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    put_line("", format, values);
    va_end(values);
}

void fail(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    put_line("failed: ", format, values);
    va_end(values);
    machine_sleep();
}
